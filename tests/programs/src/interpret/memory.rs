//! Slots and addresses.

use super::value::Value;

/// A place: a slot and the way from there.
#[derive(Clone, Debug)]
pub struct Address {
    pub slot: usize,
    pub path: Vec<usize>,
}

/// The variables of a call; the last of a name is the visible one.
#[derive(Default)]
pub struct Frame {
    slots: Vec<(String, Value)>,
}

impl Frame {
    pub fn declare(&mut self, name: &str, value: Value) {
        self.slots.push((name.to_string(), value));
    }

    /// Where the scope begins that ends with [`Frame::forget`].
    pub fn mark(&self) -> usize {
        self.slots.len()
    }

    pub fn forget(&mut self, mark: usize) {
        self.slots.truncate(mark);
    }

    pub fn contents(&self, slot: usize) -> Value {
        self.slots[slot].1.clone()
    }

    /// The place that a name stands for: what it refers to, if it is a reference.
    pub fn address(&self, name: &str) -> Address {
        let slot = self.slots.iter().rposition(|(slot, _)| slot == name);
        let slot = slot.unwrap_or_else(|| panic!("no variable {name}"));
        match &self.slots[slot].1 {
            Value::Reference(address) => address.clone(),
            _ => Address {
                slot,
                path: Vec::new(),
            },
        }
    }

    pub fn get(&self, address: &Address) -> &Value {
        let root = &self.slots[address.slot].1;
        address
            .path
            .iter()
            .fold(root, |value, index| &value.list()[*index])
    }

    pub fn get_mut(&mut self, address: &Address) -> &mut Value {
        let mut value = &mut self.slots[address.slot].1;
        for index in &address.path {
            value = match value {
                Value::List(parts) => &mut parts[*index],
                other => panic!("not a list: {other:?}"),
            };
        }
        value
    }
}
