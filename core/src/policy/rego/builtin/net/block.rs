//! Blocks of addresses (CIDR, RFC 4632 and RFC 4291), as Go's package `net` reads and writes them.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where the addresses of IPv4 are among those of IPv6 (`::ffff:0:0/96`, RFC 4291 section 2.5.5.2): Go takes them for the same.
const MAPPED: u128 = 0xFFFF_0000_0000;

/// A block: all addresses from the first to the last, both in IPv6's space, and the address it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) first: u128,
    pub(super) last: u128,
    address: u128,
    /// Of 128 bits.
    prefix: u32,
}

impl Block {
    /// Of `10.0.0.0/8` or `fe80::/10`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let prefix: u32 = prefix.parse().ok()?;
        match address {
            IpAddr::V4(_) if prefix > 32 => None,
            IpAddr::V6(_) if prefix > 128 => None,
            IpAddr::V4(address) => Some(Self::masked(of_v4(address), prefix.saturating_add(96))),
            IpAddr::V6(address) => Some(Self::masked(address.into(), prefix)),
        }
    }

    /// The block that an address alone meant before there were prefixes: of its class, A, B or C.
    pub(super) fn of_class(address: Ipv4Addr) -> Self {
        let prefix = match address.octets() {
            [0..=127, ..] => 8,
            [128..=191, ..] => 16,
            _ => 24,
        };
        Self { address: of_v4(address), ..Self::masked(of_v4(address), prefix + 96) }
    }

    /// Whether all of the other block is within.
    pub(super) const fn contains(&self, other: &Self) -> bool {
        self.first <= other.first && other.last <= self.last && self.is_v4() == other.is_v4()
    }

    /// Whether the address is within.
    pub(super) fn contains_address(&self, address: IpAddr) -> bool {
        let address = of(address);
        let within = self.first <= address && address <= self.last;
        within && self.is_v4() == is_mapped(address)
    }

    /// Whether the two have an address in common.
    pub(super) const fn intersects(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last && self.is_v4() == other.is_v4()
    }

    /// How many addresses it has; none if they are too many to count.
    pub(super) fn len(&self) -> Option<usize> {
        let more = usize::try_from(self.last - self.first).ok()?;
        more.checked_add(1)
    }

    /// All its addresses, in order.
    pub(super) fn addresses(&self) -> impl Iterator<Item = String> {
        (self.first..=self.last).map(address_text)
    }

    /// Address and prefix.
    pub(super) fn text(&self) -> String {
        let short = if is_mapped(self.address) { self.prefix.checked_sub(96) } else { None };
        let prefix = short.unwrap_or(self.prefix);
        format!("{}/{prefix}", address_text(self.address))
    }

    fn masked(address: u128, prefix: u32) -> Self {
        // A shift by all 128 bits leaves nothing, which Rust's operator refuses to say.
        let host = u128::MAX.checked_shr(prefix).unwrap_or(0);
        let first = address & !host;
        Self { first, last: first | host, address: first, prefix }
    }

    const fn is_v4(&self) -> bool {
        is_mapped(self.first)
    }
}

/// An address, if the text is one: Go's `ParseIP`, which knows no zones.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// The fewest blocks that hold the same addresses.
pub(super) fn merged(blocks: Vec<Block>) -> Vec<Block> {
    let mut blocks = blocks;
    blocks.sort_by_key(|block| (block.last, block.first));
    let mut kept: Vec<(u128, u128, Option<Block>)> = Vec::with_capacity(blocks.len());
    for block in blocks.into_iter().rev() {
        match kept.last_mut() {
            // Blocks come from the last to the first: this one ends before the kept one begins, or touches it.
            Some((first, _, alone)) if before(*first) <= block.last => {
                *first = block.first.min(*first);
                *alone = None;
            }
            _ => kept.push((block.first, block.last, Some(block))),
        }
    }
    let mut out = Vec::with_capacity(kept.len());
    for (first, last, alone) in kept {
        match alone {
            Some(block) => out.push(block),
            None => cover(first, last, &mut out),
        }
    }
    out
}

/// The address before; the first of a family has none, and stands for itself.
const fn before(address: u128) -> u128 {
    if address == MAPPED { address } else { address.saturating_sub(1) }
}

/// The fewest blocks of exactly the addresses from the first to the last.
fn cover(first: u128, last: u128, out: &mut Vec<Block>) {
    let mut at = first;
    loop {
        // As large as where it begins allows, and as what is left allows.
        let mut host = at.trailing_zeros().min(128);
        while host > 0 && (u128::MAX >> (128 - host)) > last - at {
            host -= 1;
        }
        let block = Block::masked(at, 128 - host);
        out.push(block);
        match block.last.checked_add(1) {
            Some(next) if next <= last => at = next,
            _ => return,
        }
    }
}

fn of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => of_v4(address),
        IpAddr::V6(address) => address.into(),
    }
}

fn of_v4(address: Ipv4Addr) -> u128 {
    MAPPED | u128::from(u32::from(address))
}

const fn is_mapped(address: u128) -> bool {
    address >> 32 == MAPPED >> 32
}

fn address_text(address: u128) -> String {
    match Ipv6Addr::from(address).to_ipv4_mapped() {
        Some(address) => address.to_string(),
        None => Ipv6Addr::from(address).to_string(),
    }
}
