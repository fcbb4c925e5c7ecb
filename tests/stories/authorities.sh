# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Part of lib.sh: authorities for time stamps and for revocation, both of OpenSSL's own.

# stamp_settings: how a time stamp authority works, for `openssl ts`.
stamp_settings() {
  cat <<'CONF'
[tsa]
default_tsa = authority
[authority]
serial = ts.serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
ess_cert_id_chain = no
ordering = no
tsa_name = no
CONF
}

# stamps QUERY REPLY [AUTHORITY]: the authority of the fixture `stamped`, or another one, answers.
stamps() {
  openssl ts -reply -config ts.cnf -queryfile "$1" -signer "${3:-stamps}.pem" -inkey stamper.key -out "$2" 2>/dev/null
}

# tsa_here: the same authority as a web service, at the address in the file tsa.url; ends with the story. It says no to what is not asked as
# RFC 3161 wants it asked.
tsa_here() {
  local port
  port=$(free_port)
  python3 - "$port" >tsa.out 2>&1 <<'PYTHON' &
import http.server, subprocess, sys
class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/timestamp-query":
            return self.send_error(415)
        open("asked.tsq", "wb").write(query)
        subprocess.run("openssl ts -reply -config ts.cnf -queryfile asked.tsq -signer stamps.pem -inkey stamper.key -out said.tsr",
                       shell=True, check=True)
        reply = open("said.tsr", "rb").read()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Authority).serve_forever()
PYTHON
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 0.05
  done
  echo "http://127.0.0.1:$port/tsa" >tsa.url
}

# stamp N: N.csar gets a time stamp of now.
stamp() {
  sallyport package timestamp "$1.csar" --query-out "$1.tsq" >/dev/null
  stamps "$1.tsq" "$1.tsr"
  sallyport package timestamp "$1.csar" --reply "$1.tsr" >/dev/null
  rm "$1.tsq" "$1.tsr"
}

# in_days N: the time in N days, as --at takes it.
in_days() { date -u -d "+$1 days" +%FT%TZ; }

# lists VENDOR: the vendor's authority keeps a list; revoke VENDOR CERTIFICATE REASON; crl VENDOR: the list of now, with the next number.
lists() {
  mkdir "$1-db"
  : >"$1-db/index"
  echo 01 >"$1-db/number"
  cat >"$1-db/cnf" <<CONF
[ca]
default_ca = authority
[authority]
database = $1-db/index
crlnumber = $1-db/number
default_md = sha256
default_crl_days = 7
CONF
}
revoke() {
  openssl ca -config "$1-db/cnf" -keyfile "$1-ca.key" -cert "$1-ca.pem" -revoke "$2.pem" -crl_reason "$3" 2>/dev/null
}
crl() { openssl ca -config "$1-db/cnf" -keyfile "$1-ca.key" -cert "$1-ca.pem" -gencrl 2>/dev/null; }
