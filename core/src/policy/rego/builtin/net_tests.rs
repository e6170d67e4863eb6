use super::super::harness::check;

#[test]
fn blocks_contain_addresses_and_blocks() {
    let table: &[(&str, &str)] = &[
        (r#"["10.0.0.0/8", "10.1.2.3"]"#, "true"),
        (r#"["10.0.0.0/8", "11.0.0.0"]"#, "false"),
        (r#"["10.0.0.0/8", "10.1.0.0/16"]"#, "true"),
        (r#"["10.1.0.0/16", "10.0.0.0/8"]"#, "false"),
        (r#"["0.0.0.0/0", "1.2.3.4"]"#, "true"),
        (r#"["0.0.0.0/0", "::1"]"#, "false"),
        (r#"["::/0", "1.2.3.4"]"#, "false"),
        (r#"["::/0", "ffff::/16"]"#, "true"),
        (r#"["10.0.0.0/8", "::ffff:10.1.2.3"]"#, "true"),
        (r#"["10.0.0.5/8", "10.255.255.255/32"]"#, "true"),
        (r#"["nothing", "10.0.0.0"]"#, "error: invalid CIDR address: nothing"),
        (
            r#"["10.0.0.0/8", "nothing"]"#,
            "error: not a valid textual representation of an IP address or CIDR: nothing",
        ),
        (r#"[1, "10.0.0.0"]"#, "type: operand 1 must be string but got number"),
        (r#"["10.0.0.0/8", 1]"#, "type: operand 1 must be string but got number"),
    ];
    check("net.cidr_contains", table);
    check("net.cidr_overlap", table);
    check(
        "net.cidr_intersects",
        &[
            (r#"["192.168.1.0/25", "192.168.1.64/26"]"#, "true"),
            (r#"["192.168.1.0/25", "192.168.1.128/25"]"#, "false"),
            (r#"["0.0.0.0/0", "::/0"]"#, "false"),
            (r#"["192.168.1.0/25", "192.168.1.1"]"#, "error: invalid CIDR address: 192.168.1.1"),
        ],
    );
}

#[test]
fn only_blocks_are_valid() {
    check(
        "net.cidr_is_valid",
        &[
            (r#"["10.0.0.0/8"]"#, "true"),
            (r#"["10.0.0.0/08"]"#, "true"),
            (r#"["10.0.0.0/33"]"#, "false"),
            (r#"["::/129"]"#, "false"),
            (r#"["10.0.0.0/+8"]"#, "false"),
            (r#"["010.0.0.0/8"]"#, "false"),
            (r#"["10.0.0/8"]"#, "false"),
            (r#"["fe80::1%eth0/64"]"#, "false"),
            (r#"["10.0.0.0/"]"#, "false"),
            ("[1]", "false"),
        ],
    );
}

#[test]
fn matches_are_told_by_where_they_stand() {
    check(
        "net.cidr_contains_matches",
        &[
            (r#"["1.1.1.0/24", "1.1.1.128"]"#, r#"{["1.1.1.0/24", "1.1.1.128"]}"#),
            (r#"[["1.1.2.0/24", "1.1.1.0/24"], ["1.1.1.1", "9.9.9.9"]]"#, "{[1, 0]}"),
            (r#"[{"k": ["1.1.1.0/24", 7]}, ["§", "1.1.1.1"]]"#, r#"{["k", "1.1.1.1"]}"#),
            (r#"[[], [1]]"#, "set()"),
            (r#"[["x/8"], []]"#, "set()"),
            (
                r#"[["1.1.1.0/24"], [1]]"#,
                "error: operand 2: element must be string or non-empty array",
            ),
            (
                r#"[[[]], ["1.1.1.1"]]"#,
                "error: operand 1: element must be string or non-empty array",
            ),
        ],
    );
}

#[test]
fn expansions_are_bounded() {
    check(
        "net.cidr_expand",
        &[
            (
                r#"["172.16.100.255/30"]"#,
                r#"{"172.16.100.252", "172.16.100.253", "172.16.100.254", "172.16.100.255"}"#,
            ),
            (r#"["255.255.255.255/32"]"#, r#"{"255.255.255.255"}"#),
            (
                r#"["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"]"#,
                r#"{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}"#,
            ),
            (r#"["10.0.0.0/4"]"#, "exhausted: took more steps than a query may"),
            (r#"["::/0"]"#, "exhausted: took more steps than a query may"),
        ],
    );
}

#[test]
fn merged_blocks_are_the_fewest() {
    check(
        "net.cidr_merge",
        &[
            ("[[]]", "set()"),
            (r#"[["192.0.128.0/24", "192.0.129.0/24"]]"#, r#"{"192.0.128.0/23"}"#),
            (
                r#"[["192.0.129.0/24", "192.0.130.0/24"]]"#,
                r#"{"192.0.129.0/24", "192.0.130.0/24"}"#,
            ),
            (r#"[["192.0.128.0", "192.0.129.7"]]"#, r#"{"192.0.128.0/23"}"#),
            (r#"[["192.0.128.9"]]"#, r#"{"192.0.128.9/24"}"#),
            (r#"[["0.0.0.0/0", "1.2.3.0/24"]]"#, r#"{"0.0.0.0/0"}"#),
            (r#"[["0.0.0.0/1", "128.0.0.0/1"]]"#, r#"{"0.0.0.0/0"}"#),
            (r#"[["::/1", "8000::/1"]]"#, r#"{"::/0"}"#),
            (r#"[["255.255.255.254/32", "255.255.255.255/32"]]"#, r#"{"255.255.255.254/31"}"#),
            (
                r#"[["10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32"]]"#,
                r#"{"10.0.0.1/32", "10.0.0.2/31"}"#,
            ),
            (r#"[["fe80::1"]]"#, "error: IPv6 invalid: needs prefix length"),
            (r#"[["nothing"]]"#, "error: invalid CIDR address: nothing"),
            ("[[1]]", "error: element must be string"),
            ("[1]", "error: operand must be an array"),
        ],
    );
}

#[test]
fn the_network_is_not_asked() {
    check(
        "net.lookup_ip_addr",
        &[
            (r#"["::1"]"#, r#"{"::1"}"#),
            (r#"["example.com"]"#, "error: lookup example.com: no such host"),
        ],
    );
}
