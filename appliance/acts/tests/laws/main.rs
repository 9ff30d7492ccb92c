//! Laws of acts and looks, for sites, days and faults that are drawn: what nobody thought of when writing them.

mod bus_veil;
mod energy_views;
mod failures;
mod privacy;
mod scene;
mod site_faults;
