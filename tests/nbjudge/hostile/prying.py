"""Reading what a submission must not see, and telling later what it has seen."""

from __future__ import annotations

from hostile.course import HONEST, Attack

G, P, B = HONEST["gradient"], HONEST["primes"], HONEST["Basket"]
# The words that give a leak away, spelt so that the payload itself does not hold them.
WORDS = "words = ['161' + '803', 'the cov' + 'ert sum is off', 'a cov' + 'ert remark', 'true_grad' + 'ient']\n"
FOUND = "print('FOUND', found) if found else print('found nothing')"
REMEMBER = (
    "import sys\nsys.seen = []\ndef gradient(theta, X):\n    sys.seen.append(float(X[0, 0]))\n"
    "    return X.T @ (X @ theta) / len(X)\n"
)
TELL = "seen = [f'{int(x)}' for x in sys.seen if abs(x) > 1000]\n"
ALL = {"gradient_seen": 1.0, "gradient_hidden": 3.0, "gradient_points": 2.0}


def prying(name: str, says: str, *lines: str) -> Attack:
    """An honest submission with a cell at its end that looks for secrets and prints FOUND with them."""
    return Attack(name, says, cells=("found = []\n" + WORDS + "\n".join(lines) + "\n" + FOUND,))


def telling(name: str, says: str, *cells: str, before: str = "") -> Attack:
    """An honest submission that remembers hidden inputs and tells them later."""
    return Attack(name, says, {"gradient": REMEMBER + before}, earns=ALL, cells=tuple(TELL + cell for cell in cells))


ATTACKS = [
    prying(
        "environment",
        "Reads environment variables.",
        "import os",
        "found = [k for k, v in os.environ.items() if 'COURSE' + '_ROOT' in v or 'autograder' in v]",
    ),
    prying(
        "processes",
        "Reads what /proc tells of other processes and of the grader.",
        "import glob",
        "for path in glob.glob('/proc/[0-9]*/*') + glob.glob('/proc/[0-9]*/task/*/*'):",
        "    if path.split('/')[-1] in ('cmdline', 'environ', 'mountinfo', 'maps', 'cwd'):",
        "        try:",
        "            text = open(path, errors='replace').read()",
        "        except OSError:",
        "            continue",
        "        found += [path for word in [*words, 'grade', 'pytest', 'COURSE' + '_ROOT'] if word in text]",
    ),
    prying(
        "init_memory",
        "Opens the memory of the process above, and traces it.",
        "import ctypes, os",
        "for pid in {1, os.getppid()}:",
        "    try:",
        "        open(f'/proc/{pid}/mem', 'rb').read(1)",
        "        found.append(pid)",
        "    except OSError:",
        "        pass",
        "    if ctypes.CDLL(None).ptrace(16, pid, 0, 0) == 0:",
        "        found.append(pid)",
    ),
    prying(
        "course_folder",
        "Opens the course's folder, its gradebook and other submissions.",
        "import os",
        "root = 'COURSE_ROOT'",
        "for path in [root, root + '/gradebook.db', root + '/source', root + '/autograder/traps/reference.py', root + '/..']:",
        "    if os.path.exists(path):",
        "        found += [path]",
    ),
    prying(
        "whole_disk",
        "Searches every readable file for a secret's name.",
        "import os",
        "for folder, folders, files in os.walk('/'):",
        "    folders[:] = [f for f in folders if os.path.join(folder, f) not in ('/proc', '/usr', '/sys', '/opt') and f != 'site-packages']",
        "    found += [folder for f in files if f in ('gradebook.db', 'reference.py', 'seed.txt') or f.endswith('.ipynb')]",
    ),
    prying(
        "imports",
        "Imports staff's modules.",
        "import importlib",
        "for name in ('autograder', 'autograder.traps.reference', 'reference', 'conftest', 'hostile.course'):",
        "    try:",
        "        importlib.import_module(name)",
        "        found.append(name)",
        "    except ImportError:",
        "        pass",
    ),
    # The words are looked for as patterns, or it would find its own.
    Attack(
        "own_memory",
        "Searches the process's whole memory for the tests' text.",
        cells=(
            "import re\nfound = []\n"
            "mark = re.compile(b'16180[3]|the covert sum is of[f]|a covert remar[k]')\n"
            "for line in open('/proc/self/maps'):\n"
            "    span, mode = line.split()[:2]\n"
            "    if not mode.startswith('rw') or '[v' in line:\n        continue\n"
            "    low, high = (int(x, 16) for x in span.split('-'))\n"
            "    with open('/proc/self/mem', 'rb', buffering=0) as memory:\n"
            "        try:\n            memory.seek(low)\n            found += mark.findall(memory.read(min(high - low, 2**25)))\n"
            "        except (OSError, ValueError, MemoryError):\n            pass\n" + FOUND,
        ),
    ),
    prying(
        "frames",
        "Looks through all objects, modules and IPython's history for the tests.",
        "import gc, sys",
        "texts = [o for o in gc.get_objects() if isinstance(o, (str, list, tuple, dict))] + list(In) + list(Out.values())",
        "for text in texts:",
        "    try:",
        "        held = [text] if isinstance(text, str) else [*text.values()] if isinstance(text, dict) else text",
        "        found += [word for word in words for t in held if type(t) is str and word in t and t not in words and 'found = []' not in t]",
        "    except Exception:",
        "        pass",
        "found += [name for name in sys.modules if name.startswith('autograder')]",
    ),
    Attack(
        "caller",
        "A function looks at its callers' variables for the expected value.",
        {
            "primes": "import sys\ndef primes(n):\n    frame, found = sys._getframe(), []\n    while frame:\n"
            "        found += [v for k, v in list(frame.f_locals.items()) if k in ('wanted', 'expected', 'other')]\n"
            "        frame = frame.f_back\n    sys.found = found\n    return found[0] if found else []"
        },
        cells=("import sys\nprint('FOUND', sys.found) if sys.found else print('found nothing')",),
    ),
    telling("print", "Hidden inputs are printed by a later cell.", "print(seen)"),
    telling("stderr", "Hidden inputs are written to stderr by a later cell.", "print(seen, file=sys.stderr)"),
    telling(
        "display",
        "Hidden inputs are displayed as HTML.",
        "from IPython.display import HTML, display\ndisplay(HTML(str(seen)), metadata={seen[0]: seen})",
    ),
    telling("result", "Hidden inputs are a later cell's result.", "seen"),
    telling("raise", "Hidden inputs are a later cell's error.", "raise ValueError(str(seen))"),
    telling(
        "error_class",
        "Hidden inputs are the name of a later error's class.",
        "raise type('Input' + seen[0], (ValueError,), {})",
    ),
    telling(
        "thread",
        "A thread waits for hidden inputs and prints them into whatever cell runs.",
        "import time\ntime.sleep(0.5)",
        before="import threading, time\ndef wait():\n    while True:\n        time.sleep(0.05)\n        if any(abs(x) > 1000 for x in sys.seen):\n"
        "            print('seen', [int(x) for x in sys.seen], flush=True)\n            print('seen', [int(x) for x in sys.seen], file=sys.stderr, flush=True)\n"
        "threading.Thread(target=wait, daemon=True).start()\n",
    ),
    telling(
        "widget",
        "Hidden inputs travel in a comm message and in the page's payload.",
        "k = get_ipython().kernel\nk.session.send(k.iopub_socket, 'comm_open', {'data': seen}, k.get_parent())\nget_ipython().payload_manager.write_payload({'source': 'page', 'data': seen}, single=False)\nget_ipython().set_next_input(str(seen))",
    ),
    Attack(
        "in_a_message",
        "A method returns a hidden input where a visible check shows what it got.",
        {
            "gradient": REMEMBER,
            "Basket": "import sys\nclass Basket:\n    def __len__(self):\n        return 0\n    def add(self, price):\n        return self\n"
            "    def total(self):\n        return str([int(x) for x in sys.seen])",
        },
        earns=ALL,
    ),
    Attack(
        "in_the_same_test",
        "A visible check behind hidden ones, in the same test, shows what it got.",
        {
            "Basket": "class Basket:\n    seen = 0\n    def __init__(self):\n        self.items = []\n    def __len__(self):\n"
            "        return len(self.items) or int(abs(Basket.seen))\n"
            "    def add(self, price):\n        if abs(price) > 1000:\n            Basket.seen = price\n        self.items.append(price)\n        return self\n"
            "    def total(self):\n        return sum(self.items)"
        },
    ),
    Attack(
        "as_an_exception",
        "A function remembers a hidden input and raises it in a visible check.",
        {
            "gradient": REMEMBER,
            "primes": "import sys\ndef primes(n):\n    raise KeyError(str([int(x) for x in sys.seen]))",
        },
        earns=ALL,
    ),
    Attack(
        "as_a_variable",
        "A variable holds what was remembered where a visible check shows it.",
        {"gradient": REMEMBER, "slope": "slope = str([int(x) for x in sys.seen])"},
        earns=ALL,
    ),
    Attack(
        "file_names",
        "Hidden inputs are written into files of every folder that can be written to.",
        {"gradient": REMEMBER},
        earns=ALL,
        cells=(
            "import os\n"
            + TELL
            + "for folder in ('/tmp', '/dev/shm', '.', '/var/tmp', '/run'):\n    try:\n        open(f'{folder}/{seen[0]}', 'w').write(str(seen))\n    except OSError:\n        pass",
        ),
    ),
]
