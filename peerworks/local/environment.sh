#!/bin/sh
# Makes or completes the virtual environment:  environment.sh LOCK STAMP
#
# Needs nothing but a shell. It looks for a Python of 3.11 or later that can make environments; as
# root on Debian it installs the missing package, else it stops with the command to run. A stamp
# file appears only after a whole installation, so an interrupted one starts again.
set -eu

lock=$1
stamp=$2
say() { printf '%s\n' "$*" >&2; }

# In syntax that Python 2 reads, so that an old one answers too.
new_enough='import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)'
makes_environments='import ensurepip, venv'
its_package='import sys; print("python%d.%d-venv" % sys.version_info[:2])'

works() { "$1" -c "$2" >/dev/null 2>&1; }

find_python() {
    half_found=
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if works "$name" "$new_enough"; then
            if works "$name" "$makes_environments"; then
                found=$name
                return 0
            fi
            half_found=${half_found:-$name}
        fi
    done
    return 1
}

install_or_stop() {
    package=python3-venv
    if [ -n "$half_found" ]; then package=$("$half_found" -c "$its_package"); fi
    command="apt-get install -y --no-install-recommends $package"
    if [ "$(id -u)" = 0 ] && [ -z "${tried:-}" ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing $package, which the virtual environment needs."
        tried=yes
        export DEBIAN_FRONTEND=noninteractive
        if apt-get update -qq >/dev/null && $command >/dev/null; then return 0; fi
    fi
    if [ -n "$half_found" ]; then
        say "$half_found cannot make virtual environments. Run:  sudo $command"
    elif [ -n "${PYTHON:-}" ]; then
        say "PYTHON is $PYTHON, which is no Python of 3.11 or later. Name another one."
    else
        say "PeerWorks needs Python 3.11 or later. On Debian 12 run:  sudo $command"
        say "Elsewhere install one, and name it if it is not found:  make PYTHON=/path/to/python3.12 run"
    fi
    exit 1
}

make_environment() {
    found=
    until find_python; do install_or_stop; done
    say "Making the virtual environment with $("$found" --version 2>&1)."
    "$found" -m venv --clear .venv
}

# Missing, broken off half-way, or made by a Python that went away since: make it anew.
if ! works .venv/bin/python "import pip; $new_enough"; then make_environment; fi

say "Installing $lock."
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$lock"
touch "$stamp"
