# What is too large, too slow, too deep or no HTTP has an end, an answer where one can be given, and no effect.
use server
$ server_config "$(free_port)" 's["workers"] = 0; s["limits"] = {"package_size_max": 1000}' >sallyportd.json && server_here
$ api 201 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d '{}' | sed 's/^{"id":"\([^"]*\)".*/\1/' >id
$ head -c 1001 /dev/zero >large && api 413 vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" -H 'Content-Type: application/zip' -T large
stdout 'content-too-large'
$ api 413 vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" -H 'Content-Type: application/zip' -H 'Transfer-Encoding: chunked' -T large
stdout 'content-too-large'
$ tail -n 2 server/audit/security.jsonl | grep -c '"outcome":"refused","code":"content-too-large"}'
| 2
$ api 415 vendor PUT "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content" -H 'Content-Type: text/html' -T sallyportd.json
$ api 431 vendor GET /vnfpkgm/v2/vnf_packages -H "X-Large: $(head -c 17000 /dev/zero | tr '\0' x)"
$ api 414 vendor GET "/vnfpkgm/v2/vnf_packages?$(head -c 9000 /dev/zero | tr '\0' x)"
$ head -c 70000 /dev/zero >body && api 413 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' --data-binary @body
$ api 422 vendor POST /vnfpkgm/v2/vnf_packages -H 'Content-Type: application/json' -d "$(head -c 60000 /dev/zero | tr '\0' '[')"
stdout 'urn:sallyport:problem:json-malformed'
$ api 403 vendor POST "/vnfpkgm/v2/vnf_packages/$(cat id)/package_content/upload_from_uri" -H 'Content-Type: application/json' -d '{"addressInformation":"http://169.254.169.254/"}'
stdout 'upload-from-uri-off'
# A head that comes byte by byte, and what is no HTTP. What stands behind a body whose coding nobody here knows is no question.
$ python3 slow.py "$(cat server.url)"
| HTTP/1.1 400 Bad Request
| gzip: 400, and then nothing
| chunked, gzip: 400, and then nothing
| identity: 400, and then nothing
| xchunked: 400, and then nothing
| HTTP/1.1 408 Request Timeout
# The package is what it was.
$ api 200 vendor GET "/vnfpkgm/v2/vnf_packages/$(cat id)"
stdout '"onboardingState":"CREATED"'
$ find server/data -type f
! stdout '.'
-- slow.py --
import socket, ssl, sys, time
host, port = sys.argv[1].removeprefix("https://").split(":")
context = ssl.create_default_context(cafile="web.tls.pem")
context.load_cert_chain("vendor.tls.pem", "vendor.tls.key")


def connect():
    return context.wrap_socket(socket.create_connection((host, int(port))), server_hostname=host)


with connect() as s:
    s.sendall(b"this is no HTTP\r\n\r\n")
    print(s.recv(4096).split(b"\r\n")[0].decode())
for coding in "gzip", "chunked, gzip", "identity", "xchunked":
    with connect() as s:
        s.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {coding}\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        said = b""
        while part := s.recv(4096):
            said += part
        answers = [line.split()[1].decode() for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.1")]
        print(f"{coding}: {', '.join(answers)}, and then nothing")
with connect() as s:
    s.settimeout(40)
    try:
        for byte in b"GET /healthz HTTP/1.1\r\nX-Slow: " + b"x" * 100:
            s.sendall(bytes([byte]))
            time.sleep(0.3)
    except OSError:
        pass
    print(s.recv(4096).split(b"\r\n")[0].decode())
