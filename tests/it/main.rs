//! One binary for every integration test; a file has one subject.
mod architecture;
mod calendar;
mod cli;
mod console;
mod import;
mod insight;
mod intake;
mod journeys;
mod mail;
mod pty;
mod report;
mod scenarios;
mod screens;
mod service;
mod store;
mod terminal;
