//! What a verdict says: one sentence, and one thing to do.

use super::{Cause, Verdict};

impl Verdict {
    /// What is so, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        match self.cause {
            Cause::Fine => "カメラとマイク、通信に問題はありません。",
            Cause::Unsupported => "このブラウザでは、音声とビデオの通話ができません。",
            Cause::SoundRefused => "マイクの使用が許可されていません。",
            Cause::SoundMissing => "マイクが見つかりません。",
            Cause::SoundBusy => "マイクを、ほかのアプリが使っています。",
            Cause::SoundFault => "マイクを使えませんでした。",
            Cause::SpeakerSilent => "こちらの音が聞こえていません。",
            Cause::NoConnection => "通話の接続ができませんでした。",
            Cause::LossPoor => "通信がたびたび途切れていて、声が届きにくい状態です。",
            Cause::RoundTripPoor => "通信の遅れが大きく、会話がかみ合いにくい状態です。",
            Cause::NoVoice => "マイクに声が入っていません。",
            Cause::PictureRefused => "カメラの使用が許可されていないので、音声だけで話せます。",
            Cause::PictureMissing => "カメラが見つからないので、音声だけで話せます。",
            Cause::PictureBusy => "カメラをほかのアプリが使っているので、音声だけで話せます。",
            Cause::PictureFault => "カメラを使えないので、音声だけで話せます。",
            Cause::LossFair => "通話はできますが、ときどき声や映像が途切れそうです。",
            Cause::RoundTripFair => "通話はできますが、声が少し遅れて届きます。",
            Cause::JitterFair => "通話はできますが、声がゆらぐことがありそうです。",
            Cause::ConnectSlow => "通話はできますが、つながるまでに少し時間がかかります。",
            Cause::Untried => "カメラとマイクは使えますが、通信はまだ確かめられていません。",
        }
    }

    /// The one thing to do. Where a browser refused a device, the page says the same with the place of its setting.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.cause {
            Cause::Fine => "このままお待ちください。",
            Cause::Unsupported => "チャットはこのまま使えますので、画面にもどってお待ちください。",
            Cause::SoundRefused | Cause::PictureRefused => {
                "ブラウザの設定でカメラとマイクを許可して、もう一度確かめてください。"
            }
            Cause::SoundMissing => "マイクやイヤホンがつながっているか見て、もう一度確かめてください。",
            Cause::SoundBusy | Cause::PictureBusy => "ほかの通話アプリやカメラを閉じて、もう一度確かめてください。",
            Cause::SoundFault | Cause::PictureFault => "ページを読み込み直して、もう一度確かめてください。",
            Cause::SpeakerSilent => "音量を上げ、マナーモードとイヤホンを見て、もう一度鳴らしてください。",
            Cause::NoConnection => "Wi-Fiとモバイル通信を切りかえて、もう一度確かめてください。",
            Cause::LossPoor | Cause::LossFair => "Wi-Fiのルーターに近づくか、モバイル通信に切りかえてください。",
            Cause::RoundTripPoor => "チャットで話すと、遅れの影響を受けません。",
            Cause::RoundTripFair | Cause::JitterFair => "動画や大きなダウンロードが動いていたら、止めてください。",
            Cause::ConnectSlow => "呼び出しが鳴ったら、つながるまで少しお待ちください。",
            Cause::NoVoice => "マイクをふさいでいないか見て、話しかけながらもう一度確かめてください。",
            Cause::PictureMissing => "ビデオで話したいときは、カメラをつないでもう一度確かめてください。",
            Cause::Untried => "少したってから、もう一度確かめてください。",
        }
    }
}
