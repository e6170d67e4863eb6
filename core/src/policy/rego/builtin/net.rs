//! `net.*`: blocks of addresses. Nothing here asks the network: `net.lookup_ip_addr` answers addresses alone.

mod block;

use core::net::IpAddr;
use std::collections::BTreeSet;

use self::block::Block;
use super::super::value::Value;
use super::{Builtin, Context, Fault, operand, string};

pub(super) const ALL: &[Builtin] = &[
    Builtin::new("net.cidr_contains", 2, contains),
    Builtin::new("net.cidr_overlap", 2, contains),
    Builtin::new("net.cidr_contains_matches", 2, contains_matches),
    Builtin::new("net.cidr_expand", 1, expand),
    Builtin::new("net.cidr_intersects", 2, intersects),
    Builtin::new("net.cidr_is_valid", 1, is_valid),
    Builtin::new("net.cidr_merge", 1, merge),
    Builtin::new("net.lookup_ip_addr", 1, lookup),
];

/// What an address costs of a query's memory: its text, and its place in the set.
const ADDRESS: usize = 88;

type Answer = Result<Option<Value>, Fault>;

fn contains(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let (block, other) = (operand(args, 1)?, operand(args, 2)?);
    Ok(Some(Value::from(is_within(block, other)?)))
}

/// Of collections of blocks and of addresses: which of the one contains which of the other, by index, key or element.
fn contains_matches(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let blocks = entries(args, 1)?;
    let others = entries(args, 2)?;
    context.charge(blocks.len().saturating_mul(others.len()))?;
    let mut found = Vec::new();
    for (block, index) in &blocks {
        // OPA comes to the second operand only for an element of the first, and only then sees what is wrong with it.
        let block = term(block, 1)?;
        for (other, other_index) in &others {
            if is_within(block, term(other, 2)?)? {
                context.allocate(ADDRESS)?;
                found.push(Value::array([index.clone(), other_index.clone()]));
            }
        }
    }
    Ok(Some(Value::set(found)))
}

fn expand(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let block = block(string(args, 1)?)?;
    let addresses = block.len().unwrap_or(usize::MAX);
    context.charge(addresses)?;
    context.allocate(addresses.saturating_mul(ADDRESS))?;
    Ok(Some(Value::set(block.addresses().map(Value::from))))
}

fn intersects(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let first = block(text(operand(args, 1)?)?)?;
    let second = block(text(operand(args, 2)?)?)?;
    Ok(Some(Value::from(first.intersects(&second))))
}

fn is_valid(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let valid = operand(args, 1)?.as_str().is_some_and(|text| Block::parse(text).is_some());
    Ok(Some(Value::from(valid)))
}

fn merge(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let elements = operand(args, 1)?.as_elements();
    let elements = elements.ok_or_else(|| Fault::builtin("operand must be an array"))?;
    context.charge(elements.len().saturating_mul(8))?;
    let mut blocks = Vec::with_capacity(elements.len());
    for element in elements {
        let text = element.as_str().ok_or_else(|| Fault::builtin("element must be string"))?;
        blocks.push(match block::address(text) {
            Some(IpAddr::V4(address)) => Block::of_class(address),
            Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(address) => Block::of_class(address),
                None => return Err(Fault::builtin("IPv6 invalid: needs prefix length")),
            },
            None => block(text)?,
        });
    }
    let texts: BTreeSet<String> = block::merged(blocks).iter().map(Block::text).collect();
    Ok(Some(Value::set(texts.into_iter().map(Value::from))))
}

/// An address is its own answer; a name's would be the network's, which is none that a decision could be made from again.
fn lookup(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let name = string(args, 1)?;
    match block::address(name) {
        Some(address) => Ok(Some(Value::set([Value::from(address.to_string())]))),
        None => Err(Fault::builtin(format_args!("lookup {name}: no such host"))),
    }
}

fn is_within(block_text: &Value, other: &Value) -> Result<bool, Fault> {
    let block = block(text(block_text)?)?;
    let other = text(other)?;
    if let Some(address) = block::address(other) {
        return Ok(block.contains_address(address));
    }
    let unknown = "not a valid textual representation of an IP address or CIDR";
    match Block::parse(other) {
        Some(other) => Ok(block.contains(&other)),
        None => Err(Fault::builtin(format_args!("{unknown}: {other}"))),
    }
}

fn block(text: &str) -> Result<Block, Fault> {
    Block::parse(text).ok_or_else(|| Fault::builtin(format_args!("invalid CIDR address: {text}")))
}

/// OPA counts every operand of these functions as the first.
fn text(value: &Value) -> Result<&str, Fault> {
    value.as_str().ok_or_else(|| Fault::operand(1, "string", value))
}

/// The elements of a collection, or a text as the only one, each with what it is found by.
fn entries(args: &[Value], at: usize) -> Result<Vec<(Value, Value)>, Fault> {
    let value = operand(args, at)?;
    Ok(match value {
        Value::String(_) => vec![(value.clone(), value.clone())],
        Value::Array(items) => (0_usize..)
            .zip(items.iter())
            .map(|(index, item)| (item.clone(), Value::from(index)))
            .collect(),
        Value::Set(items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
        Value::Object(pairs) => {
            pairs.iter().map(|(key, item)| (item.clone(), key.clone())).collect()
        }
        _ => Vec::new(),
    })
}

/// What an entry is compared by: itself, or the first of an array.
fn term(entry: &Value, at: usize) -> Result<&Value, Fault> {
    match entry {
        Value::String(_) => Some(entry),
        Value::Array(items) => items.first(),
        _ => None,
    }
    .ok_or_else(|| {
        Fault::builtin(format_args!("operand {at}: element must be string or non-empty array"))
    })
}

#[cfg(test)]
#[path = "net_tests.rs"]
mod tests;
