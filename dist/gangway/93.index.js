export const id = 93;
export const ids = [93];
export const modules = {

/***/ 68093:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   createAuthority: () => (/* binding */ createAuthority)
/* harmony export */ });
/* harmony import */ var reflect_metadata__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(80477);
/* harmony import */ var reflect_metadata__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(reflect_metadata__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(77598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(77030);
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_net__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8927);




const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 3600 * 1000;
/** Of the authority, and of what it signs; Apple's clients take no server's certificate of more than 825 days. */
const LIFETIME = 30 * DAY;
/** Makes an authority that is good from yesterday on: clocks differ. */
async function createAuthority(now = Date.now()) {
    const keys = await generate();
    const validity = { notBefore: new Date(now - DAY), notAfter: new Date(now + LIFETIME) };
    const name = `CN=Gangway local cloud ${(0,node_crypto__WEBPACK_IMPORTED_MODULE_1__.randomBytes)(4).toString('hex')}`;
    const certificate = await _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .X509CertificateGenerator */ .Jy.createSelfSigned({
        serialNumber: serial(),
        name,
        ...validity,
        signingAlgorithm: ALGORITHM,
        keys,
        extensions: [
            new _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .BasicConstraintsExtension */ .WA(true, 0, true),
            new _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .KeyUsagesExtension */ .hy(_peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .KeyUsageFlags */ .Ob.keyCertSign | _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .KeyUsageFlags */ .Ob.cRLSign, true),
            await _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .SubjectKeyIdentifierExtension */ .QE.create(keys.publicKey),
        ],
    });
    const identities = new Map();
    const make = async (host) => {
        const own = await generate();
        const type = (0,node_net__WEBPACK_IMPORTED_MODULE_2__.isIP)(host) ? 'ip' : 'dns';
        const leaf = await _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .X509CertificateGenerator */ .Jy.create({
            serialNumber: serial(),
            subject: [{ CN: [host.slice(0, 64)] }],
            issuer: certificate.subject,
            ...validity,
            signingAlgorithm: ALGORITHM,
            publicKey: own.publicKey,
            signingKey: keys.privateKey,
            extensions: [
                new _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .BasicConstraintsExtension */ .WA(false, undefined, true),
                new _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .KeyUsagesExtension */ .hy(_peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .KeyUsageFlags */ .Ob.digitalSignature, true),
                new _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .ExtendedKeyUsageExtension */ .j6([_peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .ExtendedKeyUsage */ .CD.serverAuth]),
                new _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .SubjectAlternativeNameExtension */ .Wx([{ type, value: host }]),
                await _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .SubjectKeyIdentifierExtension */ .QE.create(own.publicKey),
                await _peculiar_x509__WEBPACK_IMPORTED_MODULE_3__/* .AuthorityKeyIdentifierExtension */ .Z$.create(keys.publicKey),
            ],
        });
        const key = (0,node_crypto__WEBPACK_IMPORTED_MODULE_1__.createPrivateKey)({
            key: Buffer.from(await node_crypto__WEBPACK_IMPORTED_MODULE_1__.webcrypto.subtle.exportKey('pkcs8', own.privateKey)),
            format: 'der',
            type: 'pkcs8',
        });
        return {
            key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
            cert: `${pem(leaf.rawData)}${pem(certificate.rawData)}`,
        };
    };
    return {
        certificate: pem(certificate.rawData),
        identityOf(host) {
            const known = identities.get(host) ?? make(host);
            identities.set(host, known);
            return known;
        },
    };
}
function generate() {
    return node_crypto__WEBPACK_IMPORTED_MODULE_1__.webcrypto.subtle.generateKey(ALGORITHM, true, [
        'sign',
        'verify',
    ]);
}
/** Positive, as X.509 wants it. */
function serial() {
    return `01${(0,node_crypto__WEBPACK_IMPORTED_MODULE_1__.randomBytes)(15).toString('hex')}`;
}
function pem(raw) {
    return new node_crypto__WEBPACK_IMPORTED_MODULE_1__.X509Certificate(Buffer.from(raw)).toString();
}


/***/ })

};
