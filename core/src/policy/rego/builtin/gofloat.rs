//! Floating-point numbers as Go writes them.

/// A number by a form of `strconv.FormatFloat`: `b e E f g G x X`. Without a precision as short as it can be read back.
pub(super) fn text(value: f64, form: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value.is_sign_negative() { "-Inf" } else { "+Inf" }.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let value = value.abs();
    let number = match form {
        'b' => binary(value),
        'e' | 'E' => scientific(value, form, precision),
        'g' | 'G' => general(value, form, precision),
        'x' | 'X' => hexadecimal(value, form, precision),
        _ => precision.map_or_else(|| format!("{value}"), |digits| format!("{value:.digits$}")),
    };
    format!("{sign}{number}")
}

/// Digits of the significand and the exponent of base 10 of the first.
fn digits(value: f64, precision: Option<usize>) -> (String, i32) {
    let written = precision.map_or_else(|| format!("{value:e}"), |most| format!("{value:.most$e}"));
    let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    (digits.replace('.', ""), exponent.parse().unwrap_or(0))
}

fn scientific(value: f64, form: char, precision: Option<usize>) -> String {
    let (digits, exponent) = digits(value, precision);
    exponential(&digits, exponent, if form == 'E' { 'E' } else { 'e' })
}

fn exponential(digits: &str, exponent: i32, mark: char) -> String {
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{mark}{sign}{:02}", exponent.unsigned_abs())
}

fn general(value: f64, form: char, precision: Option<usize>) -> String {
    let precision = precision.map(|precision| precision.max(1));
    let (all, exponent) = digits(value, precision.map(|precision| precision - 1));
    let digits = Some(all.trim_end_matches('0')).filter(|digits| !digits.is_empty()).unwrap_or("0");
    let most = precision.map_or(6, |precision| {
        let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        let precision = i32::try_from(precision).unwrap_or(i32::MAX);
        if precision > count && count > exponent { count } else { precision }
    });
    if exponent < -4 || exponent >= most {
        return exponential(digits, exponent, if form == 'G' { 'E' } else { 'e' });
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    if whole == 0 {
        let zeros = "0".repeat(usize::try_from(-1 - exponent).unwrap_or(0));
        return format!("0.{zeros}{digits}");
    }
    match digits.split_at_checked(whole) {
        Some((whole, "")) => whole.to_owned(),
        Some((whole, rest)) => format!("{whole}.{rest}"),
        None => format!("{digits:0<whole$}"),
    }
}

/// Significand, which has its highest bit set where it is not denormal, and exponent of base 2 of its last bit.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match i32::try_from((bits >> 52) & 0x7ff).unwrap_or(0) {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

fn binary(value: f64) -> String {
    let (significand, exponent) = parts(value);
    format!("{significand}p{exponent:+}")
}

fn hexadecimal(value: f64, form: char, precision: Option<usize>) -> String {
    let (mut significand, mut exponent) = parts(value);
    if significand == 0 {
        exponent = 0;
    } else {
        // The first digit is a one, then come 13 digits.
        let shift = significand.leading_zeros().saturating_sub(11);
        significand <<= shift;
        exponent += 52 - i32::try_from(shift).unwrap_or(0);
    }
    if let Some(precision) = precision.filter(|precision| *precision < 13) {
        let dropped = u32::try_from(52 - precision * 4).unwrap_or(0);
        let rest = significand & ((1 << dropped) - 1);
        let half = 1 << (dropped - 1);
        significand >>= dropped;
        // A half goes to the even digit.
        if rest > half || (rest == half && significand & 1 == 1) {
            significand += 1;
        }
        significand <<= dropped;
        if significand >> 53 == 1 {
            significand >>= 1;
            exponent += 1;
        }
    }
    let fraction = format!("{:013x}", significand & ((1 << 52) - 1));
    let fraction = precision.map_or_else(
        || fraction.trim_end_matches('0').to_owned(),
        |precision| {
            fraction
                .get(..precision)
                .map_or_else(|| format!("{fraction:0<precision$}"), str::to_owned)
        },
    );
    let point = if fraction.is_empty() { "" } else { "." };
    let first = significand >> 52;
    let sign = if exponent < 0 { '-' } else { '+' };
    let text = format!("0x{first}{point}{fraction}p{sign}{:02}", exponent.unsigned_abs());
    if form == 'X' { text.to_ascii_uppercase() } else { text }
}
