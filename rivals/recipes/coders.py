"""From options to encoders and decoders, and to the setups whose codes have no evidence to bound."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from rivals.feed import Field
from rivals.games import VAEGAN, Autoencoder
from rivals.losses.adversarial import minimax, non_saturating
from rivals.networks.autoencoder import PictureDecoder, PictureEncoder
from rivals.networks.coder import Brightness, GaussianEncoder, PlainCoder
from rivals.networks.dcgan import DCGANDiscriminator, DCGANGenerator
from rivals.networks.evaluation import applied, differentiable, evaluating
from rivals.networks.mlp import MLPDiscriminator, mlp
from rivals.networks.tapped import Tapped
from rivals.parts.moments import CodeMoments
from rivals.parts.priors import gaussian
from rivals.recipes.codes import AutoencoderOptions, Coders
from rivals.recipes.networks import field_of
from rivals.recipes.players import player
from rivals.recipes.recipe import Machine, Setup
from rivals.recipes.vaegan import VAEGANOptions


def encoder_of(o: Coders, shape: tuple[int, ...], code: int) -> nn.Module:
    """Samples (n, *shape) to (n, code)."""
    if o.network == "mlp":
        layers = mlp([math.prod(shape), *[o.width] * o.depth, code], o.activation)
        return nn.Sequential(nn.Flatten(), *([Brightness()] if len(shape) == 3 else []), layers)
    return PictureEncoder(_picture(shape), o.width, code)


def decoder_of(o: Coders, shape: tuple[int, ...], *, bounded: bool) -> nn.Module:
    """Codes (n, latent) to (n, *shape); `bounded` keeps pictures in [-1, 1]."""
    bounded = bounded and len(shape) == 3
    if o.network == "mlp":
        layers = mlp([o.latent, *[o.width] * o.depth, math.prod(shape)], o.activation)
        return nn.Sequential(layers, nn.Unflatten(1, shape), *([nn.Tanh()] if bounded else []))
    if o.network == "dcgan":
        layers = DCGANGenerator(o.latent, _picture(shape), o.width).layers
        return nn.Sequential(nn.Unflatten(1, (o.latent, 1, 1)), layers, *([nn.Tanh()] if bounded else []))
    return PictureDecoder(_picture(shape), o.width, o.latent, bounded=bounded)


def discriminator_layers(o: VAEGANOptions, shape: tuple[int, ...]) -> nn.Sequential:
    """The layers of a discriminator, (n, *shape) to logits."""
    width, norm = o.discriminator_width, o.discriminator_norm
    if o.networks.network == "mlp":
        layers = MLPDiscriminator(shape, width, o.networks.depth, norm=norm).layers
        return nn.Sequential(nn.Flatten(), *layers)
    return DCGANDiscriminator(_picture(shape), width, norm).layers


def means(encoder: Any, x: Tensor) -> Tensor:
    """The means (n, latent) of the codes of samples."""
    with torch.no_grad(), evaluating(encoder):
        return torch.cat([encoder.moments(part)[0] for part in x.split(256)])


def plain_setup(o: AutoencoderOptions, spec: Mapping[str, Field], machine: Machine) -> Setup:
    """An auto-encoder without noise; its prior is the normal where its codes have lain."""
    name = field_of(spec)
    shape, latent = spec[name].shape, o.networks.latent
    coder = PlainCoder(encoder_of(o.networks, shape, latent), decoder_of(o.networks, shape, bounded=True))
    model = player(coder, o, machine, lr=o.optimisers.lr, average=True)
    game, averaged = Autoencoder(model, CodeMoments(latent).to(machine.device)), model.sampler
    assert isinstance(averaged, PlainCoder)
    generate = partial(applied, averaged.decoder)
    return Setup(
        game,
        (name,),
        lambda n: generate(game.codes(n)),
        generate,
        partial(differentiable, averaged.decoder),
        partial(applied, averaged.encoder),
        game.codes,
        draw=lambda n: applied(coder.decoder, game.codes(n)),
    )


def vaegan_setup(o: VAEGANOptions, spec: Mapping[str, Field], machine: Machine) -> Setup:
    """Encoder, generator and discriminator."""
    name, rates = field_of(spec), o.optimisers
    shape = spec[name].shape
    encoder = GaussianEncoder(encoder_of(o.networks, shape, 2 * o.networks.latent))
    judge = player(Tapped(discriminator_layers(o, shape), o.similarity_layer), o, machine, lr=rates.discriminator_lr)
    game = VAEGAN(
        player(encoder, o, machine, lr=rates.generator_lr, average=True),
        player(decoder_of(o.networks, shape, bounded=True), o, machine, lr=rates.generator_lr, average=True),
        judge,
        gaussian(o.networks.latent, machine.device),
        {"minimax": minimax, "non-saturating": non_saturating}[o.loss],
        o.reconstruction_weight,
        o.gan_weight,
        o.similarity_scale,
    )
    generator = game.generator.sampler
    return Setup(
        game,
        (name,),
        lambda n: applied(generator, game.prior(n)),
        partial(applied, generator),
        partial(differentiable, generator),
        partial(means, game.encoder.sampler),
        game.prior,
        judge=lambda x: judge(x)[1],
        draw=lambda n: game.generator(game.prior(n)),
    )


def _picture(shape: tuple[int, ...]) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise ValueError("the convolutional networks code pictures, and this data is points; use --network mlp")
    return shape[0], shape[1], shape[2]
