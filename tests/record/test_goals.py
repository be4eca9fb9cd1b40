import pytest

from nightbook.record.goals import Better, Goal, parse_goals


def test_goals_keep_their_order() -> None:
    goals = parse_goals({"log_loss": {"better": "lower", "tolerance": 0}, "AUC": {"better": "higher"}})

    assert goals == (Goal("log_loss", Better.LOWER, 0.0), Goal("AUC", Better.HIGHER))


@pytest.mark.parametrize(
    ("metrics", "message"),
    [
        (["auc"], "metrics is a JSON object of metrics"),
        ({"auc": "higher"}, "metric 'auc'"),
        ({"auc": {"better": "bigger"}}, "is expected, not {'better': 'bigger'}"),
        ({"auc": {"better": "higher", "tolerence": 1}}, "is expected, not"),
        ({"auc": {"tolerance": 1}}, "is expected, not"),
        ({"auc": {"better": "higher", "tolerance": -1}}, "tolerance is a number, 0 or greater, not -1"),
        ({"auc": {"better": "higher", "tolerance": True}}, "not True"),
        ({"auc": {"better": "higher", "tolerance": float("nan")}}, "not nan"),
    ],
)
def test_an_unclear_goal_is_refused(metrics: object, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("{", r"\{")):
        parse_goals(metrics)
