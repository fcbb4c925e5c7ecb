# Q03, Q06: nobody goes on with the upload of another, asks how far it is, or puts parts in another order; and no name that a client gives is a name of a file here.
use server
$ server_config "$(free_port)" 's["workers"] = 0' >sallyportd.json && server_here
$ api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/' >id
$ . ./put.sh; put 204 vendor 0 999
$ . ./put.sh; put 404 other 1000 $((size - 1))
$ api 404 other GET "/api/v1/packages/$(cat id)/upload"
$ . ./put.sh; put 409 vendor 1001 $((size - 1))
stdout 'urn:sallyport:problem:upload-offset-wrong'
# It may begin anew.
$ . ./put.sh; put 204 vendor 0 999
$ api 200 vendor GET "/api/v1/packages/$(cat id)/upload"
stdout '"offset":1000'
$ . ./put.sh; put 202 vendor 1000 $((size - 1)) -H 'Content-Disposition: attachment; filename="../../evil.csar"' && find . -name '*evil*' | wc -l
| 0
$ for path in ../../../sallyportd.json ..%2f..%2fsallyportd.json %2e%2e/%2e%2e/sallyportd.json /etc/passwd a%00b; do
>   curl -s --path-as-is -o /dev/null -w '%{http_code}\n' --cacert web.tls.pem --cert vendor.tls.pem --key vendor.tls.key -H 'Version: 2.0.0' \
>     "$(cat server.url)/vnfpkgm/v2/vnf_packages/$(cat id)/artifacts/$path"
> done
! stdout '200'
-- put.sh --
size=$(stat -c %s 1.csar)
# put STATUS ACCOUNT FIRST LAST [OPTION...]: these bytes of the package.
put() {
  head -c $(($4 + 1)) 1.csar | tail -c +$(($3 + 1)) >part || return 1
  api "$1" "$2" PUT "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" -H 'Content-Type: application/zip' -H "Content-Range: bytes $3-$4/$size" -T part "${@:5}"
}
