// A learning rule of one's own, and a network that learns by it. A rule is one type: it says which matrix
// sends the error of a layer down, and hears of every update. It is never shown the forward weights.
//
// After Kolen and Pollack (1994): a feedback weight makes the change that its forward weight makes, which
// both ends of the synapse can know, and slowly forgets what it started as. (Theirs has the forward
// weights forget too, so that the two end up equal; here they only come close.)
//
//     cargo run --release --example new_rule

use ndarray::{Array2, ArrayView2};
use spikealign::{
    Error,
    alignment::LayerAlignment,
    configuration::NetworkSize,
    data::{Images, normalise},
    feedback::{Backward, Rule, random_weights},
    network::{Network, Sgd},
    random::{Stream, generator},
};

struct KolenPollack {
    /// One `[n_in, n_out]` matrix a layer.
    feedback: Vec<Array2<f32>>,
    /// Share of a feedback weight that is forgotten in an update.
    decay: f32,
}

impl Rule for KolenPollack {
    fn backward(&self, layer: usize) -> Backward<'_> {
        Backward::Weights(self.feedback[layer].view())
    }

    fn after_update(&mut self, layer: usize, change: ArrayView2<'_, f32>) {
        self.feedback[layer] *= 1.0 - self.decay;
        self.feedback[layer] += &change.t();
    }
}

fn main() -> Result<(), Error> {
    let images = Images::garments(1, 1_600, 1);
    let size = [images.rows(), images.columns()];
    let weights = &mut generator(1, Stream::ForwardWeights);
    let mut network = Network::new(NetworkSize::SCALED, size, images.classes().len(), weights)?;
    let feedback = random_weights(&network.feedback_shapes(), &mut generator(1, Stream::FeedbackWeights));
    let mut rule = KolenPollack { feedback, decay: 0.01 };
    let sgd = Sgd { learning_rate: 0.01, momentum: 0.9 };

    let before = report(&network, &rule);
    let (mut pixels, split) = (vec![0.0; 32 * size[0] * size[1]], images.train());
    for batch in 0..split.len() / 32 {
        let chosen = 32 * batch..32 * (batch + 1);
        for (image, input) in chosen.clone().zip(pixels.chunks_exact_mut(size[0] * size[1])) {
            normalise(split.image(image), input);
        }
        let labels: Vec<u8> = chosen.map(|image| split.label(image)).collect();
        let measured = network.train_batch(&pixels, &labels, &mut rule, sgd)?;
        if batch % 10 == 9 {
            println!("{} images seen: loss {:.2}", 32 * (batch + 1), measured.loss());
        }
    }
    let after = report(&network, &rule);
    assert!(after.iter().zip(&before).all(|(after, before)| after < before), "every layer aligns");
    Ok(())
}

/// The angle between forward and feedback weights of every layer, from the bottom.
fn report(network: &Network, rule: &KolenPollack) -> Vec<f64> {
    let layers = (0..).zip(&rule.feedback);
    let angles = layers.map(|(layer, feedback)| {
        let alignment = LayerAlignment::between(network.forward_weight(layer), feedback.view());
        println!("{:>7}: {:.0}° between forward and feedback weights", alignment.name, alignment.angle);
        alignment.angle
    });
    angles.collect()
}
