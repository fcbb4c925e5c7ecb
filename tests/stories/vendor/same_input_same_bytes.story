# The same input gives the same package, whoever builds it, wherever and whenever.
use packages
$ sallyport package build --from tree --name demo --version 4 --product demo --counter 4 -o first.csar
stdout 'Built first.csar: 3 files'
$ cp -r tree elsewhere && cp -p --attributes-only tree/release elsewhere/release && umask 077 &&
> touch -r tree/release elsewhere/bin/demo elsewhere/etc/demo.conf tree/bin/demo tree/etc/demo.conf &&
> TZ=Asia/Kathmandu LANG=C sallyport package build --from elsewhere --name demo --version 4 --product demo --counter 4 \
>   -o second.csar >/dev/null
$ cmp first.csar second.csar
# SOURCE_DATE_EPOCH is honoured; one byte of content makes another release.
$ SOURCE_DATE_EPOCH=1767225600 sallyport package build --from tree --name demo --version 4 --product demo --counter 4 \
>   -o dated.csar --json
json .result.released "2026-01-01T00:00:00Z"
json .result.files 3
$ echo more >>elsewhere/etc/demo.conf
> sallyport package build --from elsewhere --name demo --version 4 --product demo --counter 4 -o third.csar >/dev/null
> sallyport diff first.csar third.csar
[exit 10]
stdout 'etc/demo.conf'
