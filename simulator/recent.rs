//! What came lately, so many at most: a world that runs for days must not grow
//! with every request.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// The latest values by their names; the oldest go first.
#[derive(Clone, Debug)]
pub struct Recent<K, V = ()> {
    order: VecDeque<K>,
    values: HashMap<K, V>,
    most: usize,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        // A name that is older than so many others is of no request that still runs.
        const MOST: usize = 20_000;
        Self::bounded(MOST)
    }
}

impl<K, V> Recent<K, V> {
    fn bounded(most: usize) -> Self {
        Self { order: VecDeque::new(), values: HashMap::new(), most: most.max(1) }
    }
}

impl<K: Hash + Eq + Clone, V> Recent<K, V> {
    /// Keeps a value; whether the name is new.
    pub fn keep(&mut self, name: K, value: V) -> bool {
        if self.values.insert(name.clone(), value).is_some() {
            return false;
        }
        self.order.push_back(name);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.values.remove(&oldest);
        }
        true
    }

    /// Keeps a name no longer.
    pub fn forget(&mut self, name: &K) {
        if self.values.remove(name).is_some() {
            self.order.retain(|kept| kept != name);
        }
    }

    /// The value of a name, where it came lately.
    pub fn get<Q>(&self, name: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.values.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let mut recent = Recent::bounded(2);
        assert!(recent.keep("a", 1) && recent.keep("b", 2));
        assert!(!recent.keep("a", 3), "it came before");
        assert_eq!((recent.get("a"), recent.get("b")), (Some(&3), Some(&2)));
        assert!(recent.keep("c", 4));
        assert_eq!((recent.get("a"), recent.get("b"), recent.get("c")), (None, Some(&2), Some(&4)));
        assert_eq!((recent.order.len(), recent.values.len()), (2, 2));
        recent.forget(&"b");
        assert!(recent.keep("d", 5) && recent.get("c").is_some() && recent.get("b").is_none());
    }
}
