# The parts of a package come as they are in it, by its identifier and by its release, from a server that never opens it.
use server
$ clamd_here && server_config "$(free_port)" >sallyportd.json && server_here && uploaded 1.csar >id && settled "$(cat id)" | sed 's/.*"vnfdId":"\([^"]*\)".*/\1/' >release
$ mkdir parts && cd parts && unzip -q ../1.csar && find . -type f | sed 's|^\./||' | sort >../names && cat ../names
stdout 'Artifacts/content.pack'
stdout 'TOSCA-Metadata/TOSCA.meta'
$ for base in "vnf_packages/$(cat id)" "onboarded_vnf_packages/$(cat release)"; do
>   while read -r name; do api 200 node-1 GET "/vnfpkgm/v2/$base/artifacts/$name" >part && cmp part "parts/$name" || { cat part; exit 1; }; done <names
>   api 200 node-1 GET "/vnfpkgm/v2/$base/vnfd" >part && cmp part parts/demo.yaml && api 200 node-1 GET "/vnfpkgm/v2/$base/manifest" >part && cmp part parts/demo.mf || { cat part; exit 1; }
> done
$ api 206 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/artifacts/Artifacts/content.pack" -r 5-14 >part && cmp <(tail -c +6 parts/Artifacts/content.pack | head -c 10) part
$ api 404 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/artifacts/Artifacts"
$ api 400 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/artifacts/../package_content" --path-as-is
# All artifacts in one archive, and the descriptor in one.
$ api 200 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/artifacts" >artifacts.zip && unzip -tq artifacts.zip && mkdir unpacked && cd unpacked && unzip -q ../artifacts.zip && find . -type f | sed 's|^\./||' | sort >../got && diff ../got <(grep -v -x -e demo.yaml -e demo.mf -e TOSCA-Metadata/TOSCA.meta ../names) && while read -r name; do cmp "$name" "../parts/$name" || exit 1; done <../got
stdout 'No errors detected'
$ api 206 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/artifacts" -r 20-1999 >part && cmp <(tail -c +21 artifacts.zip | head -c 1980) part
$ api 200 node-1 GET "/vnfpkgm/v2/onboarded_vnf_packages/$(cat release)/vnfd" -H 'Accept: application/zip' >vnfd.zip && unzip -p vnfd.zip demo.yaml | cmp - parts/demo.yaml && unzip -Z1 vnfd.zip
| demo.yaml
$ api 406 node-1 GET "/vnfpkgm/v2/vnf_packages/$(cat id)/manifest" -H 'Accept: application/zip'
stdout 'urn:sallyport:problem:not-acceptable'
$ api 404 other GET "/vnfpkgm/v2/onboarded_vnf_packages/$(cat release)/vnfd"
$ api 200 monitor GET /metrics && api 403 vendor GET /metrics && api 401 - GET /metrics
stdout 'sallyport_server_intakes_total{outcome="onboarded"} 1'
$ api 200 auditor GET /metrics | /usr/bin/python3 -c 'import sys; from prometheus_client.parser import text_string_to_metric_families as read; print(*sorted(f.name for f in read(sys.stdin.read()))[:5], sep="\n")'
| sallyport_server_account_bytes
| sallyport_server_account_packages
| sallyport_server_answers
| sallyport_server_certificate_seconds_left
| sallyport_server_data_bytes_free
# A server that was killed in the middle of an upload, and a content without a row: gone with the next start, an hour later.
$ server_gone server -KILL; touch server/data/uploads/upload-of-nobody server/data/content/11111111-1111-4111-8111-111111111111.ab.csar && server_here && sleep 1 && find server/data -type f | wc -l
| 1
$ tail -n 3 server/audit/security.jsonl
stdout '"action":"SWEEP","object":"","outcome":"success","detail":"1 uploads, 1 contents, 0 packages free again"'
