#!/bin/sh
# Makes or completes the virtual environment:  environment.sh LOCK STAMP
# Or looks at the machine and changes nothing:  environment.sh doctor
#
# Needs nothing but a shell. It looks for a Python of 3.11 or later that can make environments; as
# root on Debian it installs the missing package, else it stops with the command to run. A stamp
# file appears only after a whole installation, so an interrupted one starts again.
set -eu

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# In syntax that Python 2 reads, so that an old one answers too.
new_enough='import sys; sys.exit(0 if sys.version_info >= (3, 11) else 1)'
makes_environments='import ensurepip, venv'
# As those of a system are. One that pyenv compiled plainly takes seven to ten per cent longer for a page and for the tests.
is_quick='import sys, sysconfig; sys.exit(not (sys.base_prefix == "/usr" or "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")))'
its_package='import sys; print("python%d.%d-venv" % sys.version_info[:2])'
smallest_free_kilobytes=1000000

works() { "$1" -c "$2" >/dev/null 2>&1; }

# The folder as it is, each folder above it, and room in it: said in words before anything fails halfway.
look_at_folder() {
    here=$(pwd -P)
    above=$here
    while [ "$above" != / ]; do
        above=$(dirname "$above")
        [ -x "$above" ] || stop "The user $(id -un 2>/dev/null || id -u) may not pass through $above, where this checkout stands. Move it, or let others pass:  chmod o+x '$above'"
    done
    [ -w . ] && [ -x . ] || stop "The folder $here cannot be written by $(id -un 2>/dev/null || id -u). Run as the user whom it belongs to, or take a copy of your own."
    free=$(df -Pk . 2>/dev/null | awk 'NR == 2 { print $4 }') || free=
    case $free in
        '' | *[!0-9]*) ;;
        *) [ "$free" -ge "${PEERWORKS_SMALLEST_FREE:-$smallest_free_kilobytes}" ] || stop "Only $((free / 1000)) MB are free on the disk of $here; 1 GB is needed. Free some space and start again." ;;
    esac
}

# The one that PYTHON names, or each on the path, in the order in which they are tried.
pythons() {
    if [ -n "${PYTHON:-}" ]; then
        printf '%s\n' "$PYTHON"
        return 0
    fi
    for name in python3.11 python3.12 python3.13 python3; do
        (IFS=:; for folder in $PATH; do [ ! -x "$folder/$name" ] || printf '%s\n' "$folder/$name"; done)
    done
}

# The first that was built to be quick; where none was, the first.
find_python() {
    half_found=
    found=
    between=$IFS
    IFS='
'
    for name in $(pythons); do
        works "$name" "$new_enough" || continue
        if ! works "$name" "$makes_environments"; then
            half_found=${half_found:-$name}
        elif works "$name" "$is_quick"; then
            found=$name
            break
        else
            found=${found:-$name}
        fi
    done
    IFS=$between
    [ -n "$found" ]
}

name_the_package() {
    package=python3-venv
    if [ -n "$half_found" ]; then package=$("$half_found" -c "$its_package"); fi
    command="apt-get install -y --no-install-recommends $package"
}

say_what_is_missing() {
    if [ -n "$half_found" ]; then
        say "$half_found cannot make virtual environments. Run:  sudo $command"
    elif [ -n "${PYTHON:-}" ]; then
        say "PYTHON is $PYTHON, which is no Python of 3.11 or later. Name another one."
    else
        say "PeerWorks needs Python 3.11 or later$(old_one). On Debian 12 run:  sudo $command"
        say "Elsewhere install one, and name it if it is not found:  make PYTHON=/path/to/python3.12 run"
    fi
}

# " (python3 is Python 3.9.2)", where there is one that is too old.
old_one() {
    version=$(python3 --version 2>&1) || return 0
    printf ' (python3 here is %s)' "$version"
}

install_or_stop() {
    name_the_package
    if [ "$(id -u)" = 0 ] && [ -z "${tried:-}" ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing $package, which the virtual environment needs."
        tried=yes
        export DEBIAN_FRONTEND=noninteractive
        if apt-get update -qq >/dev/null && $command >/dev/null; then return 0; fi
    fi
    say_what_is_missing
    exit 1
}

make_environment() {
    found=
    until find_python; do install_or_stop; done
    say "Making the virtual environment with $("$found" --version 2>&1)."
    "$found" -m venv --clear .venv ||
        stop "The virtual environment could not be made; the reason stands above. Nothing else was changed."
}

# Looks only: with the environment's Python, or with any that is new enough.
if [ "$1" = doctor ]; then
    if works .venv/bin/python "$new_enough"; then exec .venv/bin/python -m peerworks.local.doctor; fi
    if find_python || [ -n "$half_found" ]; then exec "${found:-$half_found}" -m peerworks.local.doctor; fi
    name_the_package
    say_what_is_missing
    exit 1
fi

lock=$1
stamp=$2
look_at_folder
# Missing, broken off half-way, or made by a Python that went away since: make it anew.
if ! works .venv/bin/python "import pip; $new_enough"; then make_environment; fi

say "Installing $lock."
.venv/bin/python -I "$(dirname "$0")/packages.py" "$lock" ||
    stop "The packages of $lock could not be installed; the reason stands above. The next start tries again."
touch "$stamp"
