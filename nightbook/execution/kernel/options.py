"""The options by which an ipykernel becomes a kernel of this package."""

_PACKAGE = __name__.rpartition(".")[0]
# A user's history is what the user has typed, not what pipelines execute. All kernels would also wait for
# each other at its one database.
KERNEL_OPTIONS = (
    "--HistoryManager.enabled=False",
    f"--IPKernelApp.kernel_class={_PACKAGE}.kernel.NotebookKernel",
    f"--IPKernelApp.outstream_class={_PACKAGE}.stream.KernelStream",
)
