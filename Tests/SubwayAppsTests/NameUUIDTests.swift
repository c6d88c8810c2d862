import Testing

@testable import SubwayApps

@Suite struct NameUUIDTests {
    /// FIPS 180's examples, and lengths around the padding's edge.
    @Test(
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
            (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
            (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
        ])
    func digestsAreSHA1(text: String, digest: String) {
        let hex = SHA1.digest(of: Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        #expect(hex.joined() == digest)
    }

    /// From RFC 9562, appendix A.4, whose name space is that of domain names.
    @Test func aNamesUUIDIsVersionFive() {
        var dns = NameUUID.urlNamespace
        dns[3] = 0x10
        #expect(NameUUID(name: "www.example.com", namespace: dns).description == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }
}
