#!/usr/bin/env python
"""Django's entry point for commands."""

import os
import sys


def main():
    """Run the command of the line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerworks.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
