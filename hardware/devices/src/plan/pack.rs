//! Packs points into as few and as cheap requests as the line allows.
//!
//! Two points share a request where the registers between them cost less than another request would: its own
//! bytes and the time the device takes to turn round, which is measured. A value is never split, nor parted from
//! its scale factor. Afterwards no two requests of the same function are equally long, since an RTU answer
//! carries no address: a late one must not pass for another. Where a device refuses half a value, requests begin
//! and grow in whole granules of registers.

use crate::frame::{Function, MOST_REGISTERS};
use crate::profile::{Class, Point, Stretch};

/// What a request costs on a line, in microseconds and bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCost {
    /// The time of one byte on the line, in microseconds; 1,042 at 9600 baud without parity.
    pub byte_us: u32,
    /// Bytes of question and answer together that are not values; 13 for RTU, silences included.
    pub overhead_bytes: u16,
    /// How long the device takes until its answer begins, in microseconds.
    pub turnaround_us: u32,
}

/// One request and the points that its answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) function: Function,
    pub(super) address: u16,
    pub(super) count: u16,
    pub(super) class: Class,
    /// Places in the list of points.
    pub(super) points: Vec<usize>,
}

/// What a device allows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits<'a> {
    pub(super) largest_block: u16,
    /// What requests are made of; points begin and end between granules.
    pub(super) granule: u16,
    pub(super) stretches: &'a [Stretch],
}

/// Registers from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Registers {
    first: u16,
    last: u16,
}

impl LineCost {
    /// The time that one request of so many registers takes, in microseconds.
    pub fn request_us(&self, count: u16) -> u64 {
        let bytes = u64::from(self.overhead_bytes) + 2 * u64::from(count);
        bytes * u64::from(self.byte_us) + u64::from(self.turnaround_us)
    }
}

impl Block {
    fn registers(&self) -> Registers {
        Registers {
            first: self.address,
            last: self.address.saturating_add(self.count.saturating_sub(1)),
        }
    }
}

impl Registers {
    fn count(self) -> u32 {
        u32::from(self.last) - u32::from(self.first) + 1
    }

    /// The count as a request has it; runs are never longer than a request.
    fn count_on_wire(self) -> u16 {
        u16::try_from(self.count()).unwrap_or(MOST_REGISTERS)
    }

    /// What is left when both ends move inwards to the edge of a granule.
    fn whole_granules(self, granule: u16) -> Self {
        let (first, end) = (u32::from(self.first), u32::from(self.last) + 1);
        let granule = u32::from(granule);
        let (first, end) = (first.next_multiple_of(granule), end - end % granule);
        match (u16::try_from(first), u16::try_from(end.saturating_sub(1))) {
            (Ok(first), Ok(last)) if first <= last => Self { first, last },
            _ => self,
        }
    }

    fn is_within(self, stretch: &Stretch) -> bool {
        stretch.first <= self.first && self.last <= stretch.last
    }
}

impl Limits<'_> {
    /// The most registers of a request, in whole granules.
    fn most(&self) -> u16 {
        let most = self.largest_block.clamp(1, MOST_REGISTERS);
        most - most % self.granule.max(1)
    }

    fn step(&self) -> usize {
        usize::from(self.granule.max(1))
    }

    fn without_stretches(self) -> Self {
        Limits {
            stretches: &[],
            ..self
        }
    }

    /// Whether registers that hold no point may be read along.
    fn allows_holes(&self, function: Function, registers: Registers) -> bool {
        self.stretches.is_empty() || self.stretch(function, registers).is_some()
    }

    fn stretch(&self, function: Function, registers: Registers) -> Option<&Stretch> {
        self.stretches
            .iter()
            .find(|stretch| stretch.function == function && registers.is_within(stretch))
    }
}

/// The registers that must be in one answer for a point: its value and its scale factor.
fn registers_of(point: &Point) -> Registers {
    let (first, last) = (point.address, point.last_address());
    match point.factor_at {
        Some(factor) => Registers {
            first: first.min(factor),
            last: last.max(factor),
        },
        None => Registers { first, last },
    }
}

/// Whether a point fits one request of at most so many registers.
pub(super) fn fits(point: &Point, largest_block: u16) -> bool {
    registers_of(point).count() <= u32::from(largest_block.clamp(1, MOST_REGISTERS))
}

/// The cheapest requests that cover each point exactly once, no two of a function equally long. Points that fit no
/// request are left out.
pub(super) fn pack(points: &[Point], limits: Limits<'_>, cost: LineCost) -> Vec<Block> {
    let mut blocks = pack_function(points, Function::Holding, limits, cost);
    blocks.extend(pack_function(points, Function::Input, limits, cost));
    blocks
}

fn pack_function(points: &[Point], function: Function, limits: Limits<'_>, cost: LineCost) -> Vec<Block> {
    let items = |class: Class| {
        let mut items: Vec<(Registers, usize)> = points
            .iter()
            .enumerate()
            .filter(|(_, point)| point.function == function && point.class == class)
            .filter(|(_, point)| fits(point, limits.largest_block))
            .map(|(index, point)| (registers_of(point), index))
            .collect();
        items.sort_unstable();
        items
    };
    let (fast, slow) = (items(Class::Fast), items(Class::Slow));
    let packed = |most: u16| {
        let job = Job {
            function,
            limits,
            cost,
            most,
        };
        let mut blocks = job.cheapest(&fast, Class::Fast);
        blocks.extend(job.cheapest(&slow, Class::Slow));
        blocks
    };
    // Where several requests are as long as the device allows, they differ only if they are cut shorter; where its
    // stretches leave no room, only if they reach beyond them. What cannot differ at all stays so: two values that
    // each need the largest block together with their scale factors.
    for limits in [limits, limits.without_stretches()] {
        for most in (limits.most() / 2..=limits.most()).rev().step_by(limits.step()) {
            let mut blocks = packed(most);
            if make_distinct(&mut blocks, limits) {
                return blocks;
            }
        }
    }
    packed(limits.most())
}

/// What is packed: one function's points.
struct Job<'a> {
    function: Function,
    limits: Limits<'a>,
    cost: LineCost,
    /// The most registers of a request that holds more than one point.
    most: u16,
}

impl Job<'_> {
    /// The cheapest way to cut the sorted items into runs, one request each (by dynamic programming).
    fn cheapest(&self, items: &[(Registers, usize)], class: Class) -> Vec<Block> {
        // For each number of items from the front: the least cost, and where the last run of it begins.
        let mut best: Vec<(u64, usize)> = vec![(u64::MAX, 0); items.len() + 1];
        best[0] = (0, 0);
        for start in 0..items.len() {
            let before = best[start].0;
            for (more, run) in runs(&items[start..]).enumerate() {
                if more > 0 && run.registers.count() > u32::from(self.most) {
                    break;
                }
                if run.holes && !self.limits.allows_holes(self.function, run.registers) {
                    continue;
                }
                let total = before.saturating_add(self.cost.request_us(run.registers.count_on_wire()));
                let end = start + more + 1;
                if total < best[end].0 {
                    best[end] = (total, start);
                }
            }
        }
        let mut blocks = Vec::new();
        let mut end = items.len();
        while end > 0 {
            let start = best[end].1;
            if let Some(run) = runs(&items[start..end]).last() {
                blocks.push(Block {
                    function: self.function,
                    address: run.registers.first,
                    count: run.registers.count_on_wire(),
                    class,
                    points: items[start..end].iter().map(|item| item.1).collect(),
                });
            }
            end = start;
        }
        blocks.reverse();
        blocks
    }
}

/// The registers of the first items together.
#[derive(Clone, Copy)]
struct Run {
    registers: Registers,
    holes: bool,
}

/// For each item: the run from the first item to this one.
fn runs(items: &[(Registers, usize)]) -> impl Iterator<Item = Run> + '_ {
    items.iter().scan(None::<Run>, |state, (registers, _)| {
        let run = state.map_or(
            Run {
                registers: *registers,
                holes: false,
            },
            |run| Run {
                holes: run.holes || u32::from(registers.first) > u32::from(run.registers.last) + 1,
                registers: Registers {
                    first: run.registers.first.min(registers.first),
                    last: run.registers.last.max(registers.last),
                },
            },
        );
        *state = Some(run);
        Some(run)
    })
}

/// Lengthens requests of one function, within the stretches that the device is known to answer, until no two are
/// equally long. False if there is no way.
fn make_distinct(blocks: &mut [Block], limits: Limits<'_>) -> bool {
    let room = |block: &Block| {
        let registers = block.registers();
        let room = match limits.stretch(block.function, registers) {
            Some(stretch) => Registers {
                first: stretch.first,
                last: stretch.last,
            },
            None if limits.stretches.is_empty() => EVERYWHERE,
            None => registers,
        };
        room.whole_granules(limits.granule.max(1))
    };
    let rooms: Vec<Registers> = blocks.iter().map(room).collect();
    let Some(counts) = distinct(blocks, &rooms, limits) else {
        return false;
    };
    for ((block, room), count) in blocks.iter_mut().zip(rooms).zip(counts) {
        lengthen(block, room, count);
    }
    true
}

const EVERYWHERE: Registers = Registers {
    first: 0,
    last: u16::MAX,
};

/// The smallest different counts, or `None` if there are more requests than lengths. Each length goes to the
/// request that has the least room to grow (the earliest deadline), which finds a way wherever there is one.
fn distinct(blocks: &[Block], rooms: &[Registers], limits: Limits<'_>) -> Option<Vec<u16>> {
    let mut counts = vec![0_u16; blocks.len()];
    for length in (limits.granule.max(1)..=limits.most()).step_by(limits.step()) {
        let tightest = (0..blocks.len())
            .filter(|index| counts[*index] == 0 && blocks[*index].count <= length)
            .min_by_key(|index| rooms[*index].count());
        if let Some(index) = tightest {
            if rooms[index].count() < u32::from(length) {
                return None;
            }
            counts[index] = length;
        }
    }
    counts.iter().all(|count| *count > 0).then_some(counts)
}

/// Makes a request `count` registers long, at its end as far as there is room, then at its front.
fn lengthen(block: &mut Block, room: Registers, count: u16) {
    let more = count.saturating_sub(block.count);
    let behind = more.min(room.last.saturating_sub(block.registers().last));
    block.address = block.address.saturating_sub(more - behind);
    block.count = count;
}
