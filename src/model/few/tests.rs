use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::model::few::Few;

fn entries() -> impl Strategy<Value = Vec<(u8, u8)>> {
    proptest::collection::vec((0..20_u8, any::<u8>()), 0..12)
}

proptest! {
    #[test]
    fn it_is_the_map_of_the_same_entries(first in entries(), more in entries(), probe in 0..20_u8) {
        let mut map: BTreeMap<u8, u8> = first.iter().copied().collect();
        let mut few: Few<u8, u8> = first.iter().copied().collect();
        prop_assert!(few.iter().eq(map.iter()), "collected: {few:?}");
        map.extend(more.iter().copied());
        few.extend(more.iter().copied());
        prop_assert!(few.iter().eq(map.iter()), "extended: {few:?}");
        prop_assert_eq!(few.get(&probe), map.get(&probe));
        prop_assert_eq!(few.insert(probe, 1), map.insert(probe, 1));
        prop_assert!(few.iter().eq(map.iter()), "inserted: {few:?}");
        let json = serde_json::to_string(&map).expect("plain data");
        prop_assert_eq!(&serde_json::to_string(&few).expect("plain data"), &json);
        prop_assert_eq!(&serde_json::from_str::<Few<u8, u8>>(&json).expect("it was written here"), &few);
        prop_assert_eq!(format!("{few:?}"), format!("{map:?}"));
        prop_assert_eq!(few.remove(&probe), map.remove(&probe));
        prop_assert!(few.into_iter().eq(map), "removed");
    }

    #[test]
    fn two_are_ordered_as_their_maps_are(one in entries(), other in entries()) {
        let maps: [BTreeMap<u8, u8>; 2] = [&one, &other].map(|entries| entries.iter().copied().collect());
        let few: [Few<u8, u8>; 2] = [one, other].map(|entries| entries.into_iter().collect());
        prop_assert_eq!(few[0].cmp(&few[1]), maps[0].cmp(&maps[1]));
    }
}
