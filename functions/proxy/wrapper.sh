#!/bin/sh
# AWS_LAMBDA_EXEC_WRAPPER=/var/task/wrapper.sh: Lambda starts this script instead of the managed Python runtime, with the interpreter and all
# arguments of that runtime ("/var/lang/bin/python3.13 /var/runtime/bootstrap.py").
# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
set -eu

# sam local cannot stream: leave the managed runtime alone, which calls proxy.handler.handler and answers in one piece.
if [ -n "${AWS_SAM_LOCAL:-}" ]; then
  exec "$@"
fi

task="${LAMBDA_TASK_ROOT:-/var/task}"

interpreter=""
for candidate in "${1:-}" /var/lang/bin/python3.13 "$(command -v python3.13 || true)"; do
  case "${candidate##*/}" in
    python*) if [ -x "$candidate" ]; then interpreter="$candidate"; break; fi ;;
  esac
done
if [ -z "$interpreter" ]; then
  echo '{"level":"ERROR","event":"runtime.no_interpreter","message":"wrapper.sh found no python3.13"}' >&2
  exit 1
fi

cd "$task"
# The task root first: a layer or the managed runtime must not replace a module of ours.
export PYTHONPATH="$task:/opt/python${PYTHONPATH:+:$PYTHONPATH}"
exec "$interpreter" -m proxy.bootstrap
