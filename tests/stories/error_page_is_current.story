# docs/errors.md is what the program generates; ./run docs writes it.
$ sallyport docs pages >/dev/null
> diff -u "$REPO/docs/errors.md" pages/errors.md || { echo "./run docs writes it anew"; exit 1; }
