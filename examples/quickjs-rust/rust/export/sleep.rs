// A Promise that the prelude's clock keeps: no thread of its own waits for it.
use crate::tenon;
use std::time::Duration;

tenon::export! {
  pub async fn sleep(ms: u32) {
    tenon::sleep(Duration::from_millis(ms.into())).await;
  }
}
