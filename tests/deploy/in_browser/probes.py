"""What a student tries, in a terminal of their own server; each line of the answer begins with what it is about."""

from answers import ASSIGNMENT, ROOT

COURSE = "home/grader-descent/descent"  # from the root of the class's own disk
EXCHANGE = "srv/nbgrader/exchange/descent"
SECRETS = (
    f"source/{ASSIGNMENT}/{ASSIGNMENT}.ipynb",
    "autograder/logistic_regression/reference.py",
    "gradebook.db",
)
PROBES = f"""\
cd ~
for path in {" ".join(SECRETS)} solutions submitted release; do
  echo "$path: $(head -c 99 /{COURSE}/$path 2>&1)"
done
echo "other: $(ls /home/OTHER 2>&1)"
echo "inbound: $(ls /{EXCHANGE}/inbound 2>&1)"
echo "feedback: $(ls /{EXCHANGE}/feedback 2>&1)"
echo "class: $(cat /etc/jupyterhub/class.toml 2>&1)"
echo "hub: $(ls /srv/jupyterhub 2>&1)"
echo "passwords: $(cat /etc/shadow 2>&1)"
echo "remove: $(rm -rf /{EXCHANGE}/outbound 2>&1 | tail -1)"
echo "signal: $( (pkill -CONT -u OTHER; pkill -CONT -u grader-descent) 2>&1 | tail -1)"
echo "environment: $(cat $(ls -d /proc/[0-9]*/environ) 2>/dev/null | tr '\\0' '\\n' | grep -c HUB_PASSWORD)"
echo "repository: $(cat {ROOT}/source/{ASSIGNMENT}/{ASSIGNMENT}.ipynb 2>&1)"
echo "own: $(ls -d descent/{ASSIGNMENT})"
echo "end: $(whoami)"
"""
REFUSED = ("Permission denied", "not permitted")


def probe(lab, other):
    """Run the probes as this person, aimed at another student too; what was said, by what it is about."""
    home = lab.hub.disk / "home" / lab.name
    script, answers = home / "probes.sh", home / "answers.txt"
    script.write_text(PROBES.replace("OTHER", other))
    script.chmod(0o755)
    lab.terminal("./probes.sh < /dev/null 2>&1 | tee answers.txt")
    text = ""
    for _ in range(240):
        lab.page.wait_for_timeout(500)
        text = answers.read_text() if answers.exists() else ""
        if "end: " in text:
            break
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
