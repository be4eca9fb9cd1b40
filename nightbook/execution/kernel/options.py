"""The options by which an ipykernel becomes a kernel of this package."""

_PACKAGE = __name__.rpartition(".")[0]
# A user's history is what the user has typed, not what pipelines execute. All kernels would also wait for
# each other at its one database.
_OPTIONS = (
    "--HistoryManager.enabled=False",
    f"--IPKernelApp.kernel_class={_PACKAGE}.kernel.NotebookKernel",
    f"--IPKernelApp.outstream_class={_PACKAGE}.stream.KernelStream",
)


def kernel_options(max_output_bytes: int) -> list[str]:
    """Return the options of a kernel whose client stores so much of a cell's output."""
    return [*_OPTIONS, f"--NotebookKernel.max_output_bytes={max_output_bytes}"]
