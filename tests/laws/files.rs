//! A folder of definitions as a person edits it.

use std::fs;
use std::path::Path;

use crate::dice::Dice;

pub const NAMES: [&str; 3] = ["first", "second", "third"];

/// What one definition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub there: Presence,
    pub columns: &'static str,
    /// What it reads.
    pub from: &'static str,
    /// Its source is read in another shape: no job takes up the other's state.
    pub twice: bool,
    pub interval: u32,
    pub retention: u32,
    pub running: bool,
    pub on_remove: &'static str,
    pub description: u32,
    /// Means nothing to weir.
    pub comment: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Absent,
    There,
    Broken,
}

impl Text {
    pub fn new() -> Text {
        Text {
            there: Presence::There,
            columns: "ORDER_ID, AMOUNT",
            from: "orders",
            twice: false,
            interval: 10,
            retention: 7,
            running: true,
            on_remove: "stop",
            description: 0,
            comment: 0,
        }
    }

    fn toml(&self, name: &str) -> String {
        let run = if self.running { "running" } else { "stopped" };
        let one = format!("SELECT {} FROM {}", self.columns, self.from);
        let sql = if self.twice { format!("{one} UNION ALL {one}") } else { one };
        let broken = if self.there == Presence::Broken { "run = \n" } else { "" };
        format!(
            "# {}\n{broken}description = \"number {}\"\nrun = \"{run}\"\nsql = \"{sql}\"\n\n\
             [output]\ntopic = \"{name}\"\npartitions = 1\n[output.config]\n\"retention.ms\" = \"{}\"\n\n\
             [deploy]\non_remove = \"{}\"\n\n[options]\n\"execution.checkpointing.interval\" = \"{} s\"\n",
            self.comment,
            self.description,
            self.retention * 1000,
            self.on_remove,
            self.interval,
        )
    }
}

/// What the edits may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edits {
    /// Only those that this version carries out.
    Built,
    /// Also those that are refused, and files that cannot be parsed.
    Any,
}

/// Changes one thing of one definition.
pub fn edit(text: &mut Text, dice: &mut Dice, edits: Edits) {
    if text.there == Presence::Absent {
        // A new file, or the old one brought back.
        text.there = Presence::There;
        return;
    }
    match dice.below(if edits == Edits::Built { 9 } else { 11 }) {
        0 => text.interval += 1,
        1 => text.retention += 1,
        2 => text.running = !text.running,
        3 => text.on_remove = *dice.pick::<&str>(&["keep", "stop", "drop", "stop"]),
        4 => text.description += 1,
        5 => text.comment += 1,
        6 => text.there = Presence::Absent,
        7 => text.columns = *dice.pick::<&str>(&["ORDER_ID, AMOUNT", "ORDER_ID"]),
        8 => text.twice = !text.twice,
        9 => text.columns = *dice.pick::<&str>(&["ORDER_ID, AMOUNT", "ORDER_ID", "NO_SUCH_COLUMN", "ORDER_ID, AMOUNT"]),
        _ => {
            text.there = match text.there {
                Presence::Broken => Presence::There,
                Presence::There | Presence::Absent => Presence::Broken,
            }
        }
    }
}

pub fn write(folder: &Path, name: &str, text: &Text) {
    let path = folder.join(format!("{name}.toml"));
    match text.there {
        Presence::Absent => {
            if path.exists() {
                fs::remove_file(path).expect("the folder is ours");
            }
        }
        Presence::There | Presence::Broken => fs::write(path, text.toml(name)).expect("the folder is ours"),
    }
}

pub fn write_source(folder: &Path) {
    let text = "kind = \"source\"\ntopic = \"orders\"\nformat = \"json\"\n\n[columns]\nORDER_ID = \"INT\"\n\
                AMOUNT = \"DOUBLE\"\n";
    fs::write(folder.join("orders.toml"), text).expect("the folder is ours");
}
