# Every command that changes anything has --dry-run; the others are these, and a new command is in one of the two lists. What
# `node gate run` and `node gate probe` do ends with them.
$ cat >lookers <<'LIST'
> intake show
> policy show
> policy check
> policy review
> baseline review
> deploy review
> deploy show
> recall review
> recall show
> intake exception review
> intake exception show
> node status
> node history
> node verify
> node fsck
> node gate status
> log show
> log verify
> log audit
> evidence verify
> node gate run
> node gate probe
> node gate export
> node gate measurements
> status
> doctor
> verify
> inspect
> diff
> explain
> version
> completion
> docs
> LIST
> sallyport --help | sed -n 's/^  \([a-z][a-z -]*[a-z]\)  *[A-Z].*/\1/p' >commands
> test "$(wc -l <commands)" -ge 40
> while read -r command; do
>   has=no; if sallyport $command --help | grep -q -e '--dry-run'; then has=yes; fi
>   looks=no; if grep -qx "$command" lookers; then looks=yes; fi
>   if [ $has = $looks ]; then echo "wrong: $command"; fi
> done <commands
> { grep -vxFf commands lookers || true; } | sed 's|^|wrong: |'
! stdout 'wrong'
