# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# apt with a state of its own: arm64 packages and source packages come from the mirrors that this machine uses
# already, verified with the keys it trusts already, while its sources, architectures and lists stay untouched.
# Only Debian's own archives are used, so a broken third-party source on the machine does no harm.

readonly apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

host_codename() {
	(. /etc/os-release && echo "${VERSION_CODENAME:?}")
}

# "URI SUITE" lines of Debian's archives as this machine reaches them.
debian_archives() {
	local codename
	codename=$(host_codename)
	{
		apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Identifier: Packages' 2>/dev/null |
			grep -E "/debian(-security)?(/[0-9TZ]+)?/? ${codename}(-updates|-security)?$" | sort -u
	} || {
		echo "no-debian-archive: apt on this machine lists no archive of Debian $codename; run 'apt-get update' and look at its sources" >&2
		return 1
	}
}

sources_entry() {	# types uri suite
	printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' "$1" "$2" "$3" "$apt_keyring"
}

# With a second argument packages of that suite (bookworm-backports) are preferred.
private_apt_setup() {
	local dir=$1 preferred=${2:-} uri suite
	mkdir -p "$dir"/{sources,lists/partial,cache/archives/partial,empty}
	debian_archives | while read -r uri suite; do
		sources_entry deb "$uri" "$suite"
		[ -z "$preferred" ] || [ "$suite" != "$(host_codename)" ] || sources_entry deb "$uri" "$preferred"
	done >"$dir/sources/debian.sources"
	: >"$dir/status"
	private_apt_options "$dir"
	[ -z "$preferred" ] || apt_options+=(-oAPT::Default-Release="$preferred")
}

# Root drops to the user _apt for downloads, who may not be able to enter the checkout: stay who we are.
private_apt_options() {
	local dir=$1 native
	native=$(dpkg --print-architecture)
	apt_options=(
		-oAPT::Architecture=arm64 -oAPT::Architectures::=arm64 -oAPT::Architectures::="$native"
		-oDir::Etc::sourcelist=/dev/null -oDir::Etc::sourceparts="$dir/sources"
		-oDir::Etc::preferencesparts="$dir/empty" -oDir::Etc::preferences=/dev/null
		-oDir::State="$dir" -oDir::State::Lists="$dir/lists" -oDir::State::status="$dir/status"
		-oDir::State::extended_states="$dir/extended_states"
		-oDir::Cache="$dir/cache" -oDir::Log="$dir" -oAPT::Sandbox::User=""
		-oAcquire::Languages=none -oAcquire::Retries=3 -oDebug::NoLocking=1 -qq
	)
}

private_apt_get() {
	apt-get "${apt_options[@]}" "$@" </dev/null
}

private_apt_cache() {
	apt-cache "${apt_options[@]}" "$@" </dev/null
}
