//! Two memberships of one person. At most one of them has not ended; it is the one that stays. Where one follows the
//! other in time they become one history. Where they overlap, the one that ended stays as it is, beside the other.

use crate::membership::{Membership, Status};

use super::NoMerge;

/// The membership that stays, and the one that is kept beside it.
pub(super) fn one_of(
    kept: Option<Membership>,
    gone: Option<Membership>,
) -> Result<(Option<Membership>, Option<Membership>), NoMerge> {
    let (kept, gone) = match (kept, gone) {
        (Some(kept), Some(gone)) => (kept, gone),
        (one, other) => return Ok((one.or(other), None)),
    };
    let (older, newer) = match (kept.ended(), gone.ended()) {
        (None, None) => return Err(NoMerge::TwoMemberships),
        (Some(one), Some(other)) if one < other => (kept, gone),
        (Some(_), None) => (kept, gone),
        (None | Some(_), Some(_)) => (gone, kept),
    };
    if older.shares > 0 && newer.shares > 0 {
        return Err(NoMerge::Shares(older.shares, newer.shares));
    }
    let after = Membership {
        shares: older.shares.max(newer.shares),
        ..newer.clone()
    };
    if !follows(&older, &newer) {
        if older.status() == Some(Status::Died) {
            return Err(NoMerge::Died);
        }
        return Ok((Some(after), Some(older)));
    }
    // The number of the older card would be lost, and with it by what its holder is found.
    let beside = (older.number != newer.number && older.number.is_some()).then(|| older.clone());
    Ok((Some(one_history(older, after)), beside))
}

/// Whether the one begins as the other may go on, on the day when that ended or later.
fn follows(older: &Membership, newer: &Membership) -> bool {
    match (older.history.last(), newer.history.first()) {
        (Some(last), Some(first)) => last.on <= first.on && last.status.next().contains(&first.status),
        _ => true,
    }
}

fn one_history(older: Membership, newer: Membership) -> Membership {
    let application = match (older.application, newer.application) {
        (Some(one), Some(other)) if one != other => Some(format!("{one}\n{other}")),
        (one, other) => other.or(one),
    };
    Membership {
        number: newer.number.or(older.number),
        history: older.history.into_iter().chain(newer.history).collect(),
        shares: newer.shares,
        application,
        notices: older.notices.into_iter().chain(newer.notices).collect(),
        newer: newer.newer,
    }
}
