"""The trusted side: walks a notebook, runs its test cells, gives verdicts and finds the mistake that was made."""
