// Runs as the pages have them, for tests.

/** A run with what is given; the rest is as of any nightly run. */
export function makeRun(id, { params = {}, metrics = {}, exact = {}, variants = [], ...rest } = {}) {
  return {
    run_id: id,
    url: `runs/${id}/`,
    data: `api/runs/${id}.json`,
    outcome: "success",
    start: "2026-11-23T03:17:00.123Z",
    duration_s: 24.12,
    pipeline: "digits",
    trigger: "schedule",
    branch: "main",
    revision: "0123456789abcdef",
    pull_request: "",
    actor: "mira",
    told_apart: {},
    problem: "",
    ...rest,
    ...makeValues({ params, metrics, exact }),
    variants: variants.map(makeValues),
  };
}

function makeValues({ params = {}, metrics = {}, exact = {} }) {
  return {
    params: new Map(Object.entries(params)),
    metrics: new Map(Object.entries(metrics)),
    exact: new Map(Object.entries(exact)),
  };
}
