# Manual pages and completion are made from the table of commands: every command is in both, and troff has nothing to say.
needs groff
$ sallyport docs pages >/dev/null && sallyport --help | sed -n 's/^  \([a-z]* [a-z]*\)   .*/\1/p; s/^  \([a-z]*\)    .*/\1/p' >commands
> test "$(wc -l <commands)" -ge 30 && test "$(ls pages/man/man1 | wc -l)" -gt "$(wc -l <commands)"
> while read -r command; do
>   name=sallyport-${command// /-}
>   grep -q '^\.SH EXAMPLES' "pages/man/man1/$name.1" || echo "no page: $command"
>   grep -qF ".BR ${name//-/\\-} (1)" pages/man/man1/sallyport.1 || echo "not in sallyport.1: $command"
> done <commands
! stdout 'no'
$ groff -man -Kutf8 -Tutf8 -ww -z pages/man/man1/*.1 2>&1 | wc -l
| 0
$ groff -man -Kutf8 -Tutf8 pages/man/man1/sallyport-package-build.1 | sed $'s/.\x08//g; s/\x1b\\[[0-9;]*m//g'
stdout '--counter N'
stdout 'sallyport package build --from ./tree'
# The daemons have pages as well, of what their --help says.
$ groff -man -Kutf8 -Tutf8 -ww -z pages/man/man8/*.8 2>&1 | wc -l && ls pages/man/man8
| 0
| sallyport-noded.8
| sallyportd.8
$ groff -man -Kutf8 -Tutf8 pages/man/man8/sallyport-noded.8 | sed $'s/.\x08//g; s/\x1b\\[[0-9;]*m//g'
stdout 'keeps the services of a Sallyport node running'
stdout '--verify-interval SECONDS   how often'
# The completion knows commands, options, codes and files.
$ bash -n pages/bash-completion/completions/sallyport && sallyport completion bash | cmp - pages/bash-completion/completions/sallyport
$ cat >complete.sh <<'BASH'
> source <(sallyport completion bash)
> COMP_WORDS=(sallyport "$@") COMP_CWORD=$#
> _sallyport
> printf '%s\n' "${COMPREPLY[@]}"
> BASH
> bash complete.sh pack
| package
$ bash complete.sh node ro
| rollback
$ bash complete.sh package sign 1.csar --k
| --key
$ bash complete.sh verify 1.csar --po
| --policy
$ bash complete.sh explain order-rep
| order-replayed
$ touch release.csar && bash complete.sh verify rel
| release.csar
$ bash complete.sh node status --dry
|
$ sallyport completion tcsh
[exit 2]
stderr 'bash'
