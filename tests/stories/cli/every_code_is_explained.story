# Each code that docs/errors.md lists is explained, with what to do next.
$ grep -o '^| `[a-z-]*`' "$REPO/docs/errors.md" | tr -d '|` ' >codes && test "$(wc -l <codes)" -gt 80
> while read -r code; do
>   sallyport explain "$code" >text && grep -q 'What to do: .' text && grep -q 'exit' text || echo "$code"
> done <codes
! stdout '-'
