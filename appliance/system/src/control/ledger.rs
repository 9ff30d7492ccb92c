//! The ledger's closed days through a pipe: looking through ten years of them takes a while, and a statement is long.

use acts::ledger::{Asked, Statement};
use acts::look::CorrectionView;
use acts::{Actor, Acts};
use energy::calendar::Date;
use units::{Flow, Instant};

use super::stream::{Gone, Pipe};
use crate::ledger::LedgerQuestion;
use crate::refusal::Refusal;

/// An answer that is about to be sent; what is refused was refused before.
pub(super) enum Answer {
    Verify(Actor),
    Statement(Box<Statement>),
    History(Vec<CorrectionView>),
}

/// Looks at a question and asks the acts.
pub(super) async fn begin(acts: &Acts, actor: &Actor, question: LedgerQuestion) -> Result<Answer, Refusal> {
    match question {
        LedgerQuestion::Verify => Ok(Answer::Verify(actor.clone())),
        LedgerQuestion::Statement { from, to, device } => {
            let day = |text: Option<String>| {
                let read = text.map(|text| Date::parse(&text)).transpose();
                read.map_err(|error| Refusal::BadInput(error.to_string()))
            };
            let asked = Asked {
                from: day(from)?,
                to: day(to)?,
                device,
            };
            let statement = acts.ledger_statement(actor, asked).await?;
            Ok(Answer::Statement(Box::new(statement)))
        }
        LedgerQuestion::History { device, flow, at_ms } => {
            let flow = flow_of(&flow)?;
            let look = acts.look(actor.clone());
            let read = move || look.history(&device, flow, Instant::from_millis(at_ms));
            let found = tokio::task::spawn_blocking(read).await;
            let found = found.map_err(|_| Refusal::Failed("the box is being stopped".to_owned()))??;
            Ok(Answer::History(found))
        }
    }
}

fn flow_of(word: &str) -> Result<Flow, Refusal> {
    let mut flows = (0..=u8::MAX).filter_map(Flow::from_code);
    flows.find(|flow| flow.name() == word).ok_or_else(|| {
        let flows: Vec<&str> = (0..=u8::MAX)
            .filter_map(Flow::from_code)
            .map(Flow::name)
            .collect();
        Refusal::BadInput(format!(
            "{word:?} is no flow of energy; say one of {}",
            flows.join(", ")
        ))
    })
}

/// Sends an answer.
pub(super) async fn send(mut pipe: Pipe, acts: Acts, answer: Answer) -> Result<(), Gone> {
    match answer {
        Answer::Verify(actor) => match acts.check_ledger(&actor).await {
            Ok(view) => pipe.line(&view).await?,
            Err(error) => return pipe.fail(&error).await,
        },
        Answer::History(found) => {
            for one in found {
                pipe.line(&one).await?;
            }
        }
        Answer::Statement(mut statement) => loop {
            let read = tokio::task::spawn_blocking(move || {
                let lines = statement.next_lines();
                (statement, lines)
            });
            let Ok((back, lines)) = read.await else {
                return pipe.fail(&"the box is being stopped").await;
            };
            statement = back;
            match lines {
                Ok(Some(lines)) => pipe.texts(&lines).await?,
                Ok(None) => break,
                Err(error) => return pipe.fail(&error).await,
            }
        },
    }
    pipe.end().await
}
