"""Why each finding matters, in two sentences with the source. Imports no torch."""

REASONS = {
    "discriminator-won": (
        "The discriminator separates real from fake perfectly: by what it tells, the Jensen-Shannon divergence is "
        "at its greatest, log 2, wherever the generator moves. The better it is then, the less its gradient says "
        "(Arjovsky & Bottou 2017, 1701.04862, theorems 2.1 to 2.4)."
    ),
    "generator-starved": (
        "Next to no gradient reaches the generator, or next to no step comes of it, so it stays as it is. A "
        "saturating loss does that against a sure discriminator (Goodfellow et al. 2014, 1406.2661, sec. 3), and so do "
        "dead units or a learning rate of nothing."
    ),
    "exploding": (
        "Steps move the weights, or logits lie, beyond what the gradient of one batch can speak for. Usual steps "
        "are about a thousandth of the weights; where they are far longer, each undoes the one before (You et al. "
        "2017, 1708.03888, sec. 4)."
    ),
    "discriminator-weak": (
        "The discriminator can't tell samples from the data although a plain distance can, so what it asks of the "
        "generator leads nowhere. The generator learns only as far as its opponent is near its best (Goodfellow "
        "et al. 2014, 1406.2661, Algorithm 1 and proposition 2)."
    ),
    "mode-collapse": (
        "Samples are alike, or vary along far fewer directions than the data. A generator may win a round by one "
        "sample that fools the discriminator, and a judge of single samples never sees that all are the same "
        "(Salimans et al. 2016, 1606.03498, sec. 3.2)."
    ),
    "missing-modes": (
        "Whole parts of the data never come among the samples, and they have not begun to. The discriminator says "
        "too little about what is absent; shown several samples at once it can see it (Lin et al. 2018, "
        "1712.04086)."
    ),
    "memorisation": (
        "Samples are copies of training samples: three times as near to one as to any other (Yoon et al. 2023). "
        "There are too few different ones for the size of the networks, and a score on the training set would not "
        "show it (Meehan et al. 2020, 2004.05675)."
    ),
    "discriminator-overfits": (
        "The discriminator knows the training samples by heart instead of what they have in common. Its word to "
        "the generator is then noise, and samples get worse from there on (Karras et al. 2020, 2006.06676, sec. 2 "
        "and 3)."
    ),
    "oscillation": (
        "The samples move from one part of the data to another and come no nearer to all of it: the players chase "
        "each other. Simultaneous gradient steps may circle round an equilibrium for ever (Mescheder et al. 2018, "
        "1801.04406, sec. 2)."
    ),
    "non-finite": (
        "A number overflowed, and everything computed from it is lost. Steps too long for the loss, or a "
        "precision too coarse for its numbers, are what it comes from (Micikevicius et al. 2018, 1710.03740, sec. "
        "3)."
    ),
    "penalty-off-target": (
        "What a penalty, a bound or a controller should hold in place is elsewhere and stays there, so the theory "
        "that the loss rests on does not apply. A Wasserstein critic must be Lipschitz (Gulrajani et al. 2017, "
        "1704.00028, sec. 2 to 4), BEGAN's errors in balance (Berthelot et al. 2017, 1703.10717, sec. 3.3)."
    ),
    "average-lags": (
        "Samples come from an average of past weights, and the weights themselves are far ahead of it. A "
        "half-life beyond the time in which the generator changes blurs different generators into one (Yazici et al. "
        "2019, 1806.04498, sec. 3)."
    ),
    "plateau": (
        "Samples have come no nearer to the data for as long again: learning has finished under these options. "
        "What is left is a question of larger networks, more data or a falling learning rate (Heusel et al. 2017, "
        "1706.08500, sec. 2)."
    ),
}
