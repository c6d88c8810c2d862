extension ScannedNumber {
    /// The nearest double (ties to even), infinite beyond the range. `text` is the number's text, read again where 128
    /// bits do not decide.
    func double(_ text: UnsafeBufferPointer<UInt8>) -> Double {
        if mantissa == 0, !isTruncated { return isNegative ? -0.0 : 0 }
        if !isTruncated, let magnitude = ScannedNumber.exactProduct(mantissa, exponent) {
            return isNegative ? -magnitude : magnitude
        }
        // More than 19 digits or a large exponent. The standard library's reader rounds correctly in every locale.
        return Double(String(decoding: text, as: UTF8.self)) ?? .nan
    }

    /// `mantissa` × 10^`exponent` correctly rounded; nil where the exponent is beyond ±27, where 5^n leaves 64 bits.
    private static func exactProduct(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        // Clinger's case: both factors are exact doubles, so one operation rounds once.
        if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
            let value = Double(mantissa)
            return exponent < 0 ? value / exactPowers[-exponent] : value * exactPowers[exponent]
        }
        guard exponent >= -27, exponent <= 27 else { return nil }
        if exponent >= 0 {
            let product = mantissa.multipliedFullWidth(by: powersOfFive[exponent])
            return rounded(product.high, product.low, isInexact: false, exponent)
        }
        // mantissa / 5^n with both shifted to 64 significant bits: a quotient of 63 or 64 bits, the remainder sticky.
        let divisor = powersOfFive[-exponent]
        let divisorShift = divisor.leadingZeroBitCount
        let mantissaShift = mantissa.leadingZeroBitCount
        let scaledDivisor = divisor << UInt64(divisorShift)
        let scaled = mantissa << UInt64(mantissaShift)
        var dividend: (high: UInt64, low: UInt64) = (scaled, 0)
        var binary = exponent + divisorShift - mantissaShift - 64
        if scaled >= scaledDivisor {
            dividend = (scaled >> 1, scaled << 63)
            binary += 1
        }
        let (quotient, remainder) = scaledDivisor.dividingFullWidth((dividend.high, dividend.low))
        return rounded(0, quotient, isInexact: remainder != 0, binary)
    }

    /// (`high`:`low`, not zero, and a bit more where `isInexact`) × 2^`exponent`, rounded to 53 bits, ties to even.
    private static func rounded(_ high: UInt64, _ low: UInt64, isInexact: Bool, _ exponent: Int) -> Double {
        // Bring the top bit to bit 63 of one word; what falls off below is sticky.
        var (top, sticky, exponent) = (low, isInexact, exponent)
        if high != 0 {
            let shift = UInt64(high.leadingZeroBitCount)
            top = shift == 0 ? high : high << shift | low >> (64 - shift)
            sticky = sticky || low << shift != 0
            exponent += 64 - Int(shift)
        } else {
            let shift = UInt64(low.leadingZeroBitCount)
            top = low << shift
            exponent -= Int(shift)
        }
        var significand = top >> 11
        let rest = top & 0x7FF
        if rest > 0x400 || rest == 0x400 && (sticky || significand & 1 == 1) { significand += 1 }
        // Within ±27 decimal places the result is always normal, so scaling by a power of two is exact.
        // A significand of 2⁵³ carries into the exponent, as it should.
        let biased = UInt64(exponent + 11 + 52 + 1023)
        return Double(bitPattern: (biased << 52) + (significand - (1 << 52)))
    }
}

private let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

/// 5⁰ to 5²⁷: all that fit 64 bits.
private let powersOfFive: [UInt64] = [
    1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625, 1_220_703_125,
    6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625, 19_073_486_328_125,
    95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625,
    298_023_223_876_953_125, 1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
]
