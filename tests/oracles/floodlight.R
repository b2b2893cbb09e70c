# The slope of a predictor along a moderator by lm and the covariance of its coefficients: what pt.floodlight must give.
#
#     Rscript tests/oracles/floodlight.R [FOLDER]
#
# writes into FOLDER, by default the folder of this script:
#     floodlight-rows.csv    the rows of five made-up designs
#     floodlight-slopes.csv  the slope of x at five values of z: estimate, se, and its interval in two bands
#         classical  vcov of lm    hc3  sandwich::vcovHC    cr1  sandwich::vcovCL by team, type HC1, cadjust TRUE
#         pointwise: t with n - k degrees of freedom (teams - 1 for cr1); simultaneous: sqrt(2 F(2, df))
#     floodlight-edges.csv   where an end of the interval crosses 0: found by bisection on a grid, no formula for them
suppressPackageStartupMessages(library(sandwich))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

set.seed(20269, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

made <- function(design, teams, each, slope, change, centre = 4, noise = 1) {
  team <- rep(seq_len(teams), each)
  n <- length(team)
  x <- round(rnorm(n) + 0.3 * rnorm(teams)[team], 3)
  z <- round(centre + 1.2 * rnorm(n), 2)
  w <- round(rnorm(n), 3)
  y <- 2 + slope * x + 0.2 * z + change * x * (z - centre) - 0.3 * w + 0.3 * rnorm(teams)[team] + noise * rnorm(n)
  data.frame(design, team, x, z, w, y = round(y, 4))
}
rows <- rbind(
  made("outside", 20, 8, 0.1, -0.4),                  # two edges, the interval excludes 0 outside them
  made("between", 15, 6, 0.35, 0.02),                 # two edges, the interval excludes 0 between them
  made("none", 12, 6, 0, 0, noise = 1.5),             # no edge
  made("far", 25, 6, 0.2, 0.25, centre = 2020),       # a moderator far from 0
  made("beside", 18, 7, -0.5, 0.15)                   # negative slope
)
formulas <- list("outside" = y ~ x * z, "between" = y ~ x * z + w, "none" = y ~ x * z, "far" = y ~ x * z,
                 "beside" = y ~ x * z + w)

cases <- expand.grid(kind = c("classical", "hc3", "cr1"), band = c("pointwise", "simultaneous"),
                     design = names(formulas), stringsAsFactors = FALSE)

line_of <- function(design, kind, band) {
  data <- rows[rows$design == design, ]
  middle <- mean(data$z)  # from the moderator's mean: the same line, and a far origin costs no digits
  data$z <- data$z - middle
  fit <- lm(formulas[[design]], data)
  V <- switch(kind, classical = vcov(fit), hc3 = vcovHC(fit, type = "HC3"),
              cr1 = vcovCL(fit, cluster = data$team, type = "HC1", cadjust = TRUE))
  df <- if (kind == "cr1") length(unique(data$team)) - 1 else fit$df.residual
  c <- if (band == "pointwise") qt(0.975, df) else sqrt(2 * qf(0.95, 2, df))
  pair <- c("x", "x:z")
  b <- coef(fit)[pair]
  W <- V[pair, pair]
  function(z) {
    weights <- cbind(1, z - middle)
    estimate <- as.numeric(weights %*% b)
    se <- sqrt(rowSums((weights %*% W) * weights))
    data.frame(z, estimate, se, df, ci_low = estimate - c * se, ci_high = estimate + c * se)
  }
}

slopes <- do.call(rbind, lapply(seq_len(nrow(cases)), function(i) {
  one <- cases[i, ]
  z <- rows$z[rows$design == one$design]
  data.frame(one[c("design", "kind", "band")], line_of(one$design, one$kind, one$band)(
    c(min(z), mean(z) - sd(z), mean(z), mean(z) + sd(z), max(z))), row.names = NULL)
}))

edges <- do.call(rbind, lapply(seq_len(nrow(cases)), function(i) {
  one <- cases[i, ]
  line <- line_of(one$design, one$kind, one$band)
  product <- function(z) { at <- line(z); at$ci_low * at$ci_high }
  middle <- mean(rows$z[rows$design == one$design])
  grid <- middle + seq(-400, 400, by = 0.05)
  sign <- sign(product(grid))
  turns <- which(diff(sign) != 0)
  if (!length(turns)) return(NULL)
  edge <- sapply(turns, function(k) uniroot(product, grid[k + 0:1], tol = 1e-13)$root)
  data.frame(one[c("design", "kind", "band")], edge, row.names = NULL)
}))

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by floodlight.R with sandwich %s on R %s", packageVersion("sandwich"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
write(rows, "floodlight-rows.csv")
write(slopes, "floodlight-slopes.csv")
write(edges, "floodlight-edges.csv")
