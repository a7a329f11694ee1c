#!/bin/sh
# Make sure that a Debian package is there: system_part.sh PACKAGE CHECK...
# Nothing happens when the command CHECK succeeds. Otherwise the package is installed with apt-get, as root or
# through a sudo that asks no password; where neither is allowed, one sentence says what to run.
set -u
package=$1
shift
"$@" >/dev/null 2>&1 && exit 0

admin=
[ "$(id -u)" = 0 ] || admin="sudo -n"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "This needs $package: install it with your system's package manager, then run make again." >&2
    exit 1
fi
if ! $admin true >/dev/null 2>&1; then
    echo "This needs the Debian package $package: run 'sudo apt-get install $package', then make again." >&2
    exit 1
fi
echo "Installing the Debian package $package ..."
export DEBIAN_FRONTEND=noninteractive
{
    $admin apt-get update -qq && $admin apt-get install -y -qq --no-install-recommends "$package"
} >/dev/null </dev/null || echo "apt-get could not install $package." >&2
if ! "$@" >/dev/null 2>&1; then
    echo "This still needs $package: run 'sudo apt-get install $package' and read what it says." >&2
    exit 1
fi
