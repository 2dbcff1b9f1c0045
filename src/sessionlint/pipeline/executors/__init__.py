"""Who captures where it is not processes of our own: what `--executor` names."""

from sessionlint.pipeline.executors.naming import ExecutorName, executor_named

__all__ = ["ExecutorName", "executor_named"]
