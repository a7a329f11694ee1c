"""``python -m nbjudge``."""

from nbjudge.cli import main

if __name__ == "__main__":
    main()
