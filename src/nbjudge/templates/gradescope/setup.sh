#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image.
set -euo pipefail
umask 022
cd "$(dirname "$0")"
[ -e settings.json ] || cd /autograder/source
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap util-linux

python=
for one in python3.13 python3.12 python3.11 python3; do
    if apt-get install -y --no-install-recommends "$one" "$one-venv" &&
        "$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$one
        break
    fi
done
if [ -z "$python" ]; then
    echo "This base image has no Python 3.11 or newer: choose a newer Ubuntu in the autograder's settings." >&2
    exit 1
fi

# Where every user may read it: a student's code runs as a user of its own.
"$python" -m venv /opt/nbjudge
/opt/nbjudge/bin/python -m pip install --no-cache-dir -c constraints.txt -r requirements.txt "$(echo ./grader/*.whl)[grader]"
/opt/nbjudge/bin/python -m nbjudge.gradescope.run --check || echo "Submissions may be isolated otherwise than this build is." >&2
