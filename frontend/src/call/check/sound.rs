//! How loud it is here, and the sound that asks whether it can be heard.

use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::JsValue;
use web_sys::{AnalyserNode, AudioContext, MediaStream};

/// How often the level is looked at: as smooth as an eye needs.
const EVERY: Duration = Duration::from_millis(80);
/// Samples of one look: a twentieth of a second at 48 kHz.
const SAMPLES: u32 = 2_048;
/// The loudest sample of a voice, of 128. A microphone that is muted in the system gives silence to the last bit, a quiet
/// room one or two.
const VOICE: u8 = 4;
/// Looks after which a context that has not begun never will: two seconds. Some browsers hold it back where nothing can be played.
const LOOKS_UNTIL_DEAF: u32 = 25;
/// Percent of the meter for each step of a sample: half of full scale fills it.
const PERCENT_PER_STEP: u32 = 2;
/// The tones in hertz, and how long each lasts in seconds. Small speakers of phones carry both.
const TONES: [f32; 3] = [523.25, 659.25, 783.99];
const TONE_SECONDS: f64 = 0.35;
const LOUD: f32 = 0.3;

/// The sound of this page. Cheap to clone.
#[derive(Clone)]
pub(super) struct Sound {
    context: AudioContext,
    looking: Rc<Cell<Option<IntervalHandle>>>,
}

impl Sound {
    /// Within a click, or browsers keep it silent.
    pub(super) fn open() -> Option<Self> {
        let context = AudioContext::new().ok()?;
        if let Ok(resumed) = context.resume() {
            crate::call::js::forget(resumed);
        }
        Some(Self {
            context,
            looking: Rc::default(),
        })
    }

    /// Shows the level of a microphone from now on, and whether anything was ever heard. A page that cannot listen says nothing
    /// against the microphone.
    pub(super) fn measures(&self, stream: &MediaStream, level: RwSignal<u8>, voice: RwSignal<bool>) {
        let Ok(analyser) = self.analyser(stream) else { return };
        let mut samples = vec![0_u8; SAMPLES as usize];
        let (context, mut looks) = (self.context.clone(), 0);
        let look = move || {
            looks += 1;
            let is_deaf = looks >= LOOKS_UNTIL_DEAF && context.current_time() <= 0.0;
            analyser.get_byte_time_domain_data(&mut samples);
            let peak = samples.iter().map(|sample| sample.abs_diff(128)).max().unwrap_or(0);
            let percent = (u32::from(peak) * PERCENT_PER_STEP).min(100);
            level.set(u8::try_from(percent).unwrap_or(100));
            if (peak >= VOICE || is_deaf) && !voice.get_untracked() {
                voice.set(true);
            }
        };
        let look = std::cell::RefCell::new(look);
        let begun = set_interval_with_handle(move || (*look.borrow_mut())(), EVERY).ok();
        if let Some(earlier) = self.looking.replace(begun) {
            earlier.clear();
        }
    }

    fn analyser(&self, stream: &MediaStream) -> Result<AnalyserNode, JsValue> {
        let analyser = self.context.create_analyser()?;
        analyser.set_fft_size(SAMPLES);
        self.context
            .create_media_stream_source(stream)?
            .connect_with_audio_node(&analyser)?;
        Ok(analyser)
    }

    /// Nobody listens any more.
    pub(super) fn ends(&self) {
        if let Some(looking) = self.looking.take() {
            looking.clear();
        }
        if let Ok(closed) = self.context.close() {
            crate::call::js::forget(closed);
        }
    }

    /// Three tones upwards.
    pub(super) fn chimes(&self) {
        // What cannot be played is not heard, and that is what is asked.
        drop(self.play());
    }

    fn play(&self) -> Result<(), JsValue> {
        if let Ok(resumed) = self.context.resume() {
            crate::call::js::forget(resumed);
        }
        let mut starts = self.context.current_time() + 0.05;
        for tone in TONES {
            let ends = starts + TONE_SECONDS;
            let oscillator = self.context.create_oscillator()?;
            let gain = self.context.create_gain()?;
            oscillator.frequency().set_value(tone);
            gain.gain().set_value_at_time(LOUD, starts)?;
            gain.gain().exponential_ramp_to_value_at_time(0.001, ends)?;
            oscillator.connect_with_audio_node(&gain)?;
            gain.connect_with_audio_node(&self.context.destination())?;
            oscillator.start_with_when(starts)?;
            oscillator.stop_with_when(ends)?;
            starts = ends;
        }
        Ok(())
    }
}
