# Logistic regressions by glm, with the errors of sandwich, and average marginal effects: what pt.logistic must give.
#
#     Rscript tests/oracles/logistic.R [FOLDER]
#
# writes into FOLDER, by default the folder of this script:
#     logistic-rows.csv     the rows of six made-up designs: y 0 or 1, x and z numbers, t 0 or 1, g a category, firm groups
#     logistic-fits.csv     one row a design and coefficient
#         classical  glm, binomial    hc0  sandwich::vcovHC, type HC0
#         cr1        sandwich::vcovCL by firm, type HC1, cadjust TRUE: G / (G - 1) * (N - 1) / (N - K)
#     logistic-margins.csv  average marginal effects: of a category and of t the mean change in probability from the first
#         level, of a number the mean derivative; here the derivative is a central difference of predict(), and so is the
#         gradient of each effect by coefficient, from which the delta method has its errors
#     logistic-predictions.csv  predict(type = "link", se.fit = TRUE) for four new rows of each design, classical errors
suppressPackageStartupMessages(library(sandwich))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

set.seed(20268, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

made <- function(design, sizes, level = 0) {
  firm <- rep(seq_along(sizes), sizes)
  n <- length(firm)
  x <- round(rnorm(n) + 0.5 * rnorm(length(sizes))[firm], 3)
  z <- round(10 + 2 * rnorm(n), 3)
  t <- as.numeric(runif(n) < 0.4)
  g <- sample(c("explained", "money", "other"), n, replace = TRUE, prob = c(0.5, 0.3, 0.2))
  eta <- level + 0.6 * x - 0.2 * (z - 10) + 0.7 * t - 0.9 * (g == "money") + 0.5 * (g == "other") + 0.4 * x * t +
    0.5 * rnorm(length(sizes))[firm]
  data.frame(design, firm, x, z, t, g, y = as.numeric(runif(n) < plogis(eta)))
}

rows <- rbind(
  made("plain", rep(6, 30)), made("category", c(4, 9, 3, 12, 8, 15, 7, 22, 6, 10, 14, 5)), made("product", rep(10, 25)),
  made("dummies-product", rep(8, 40)), made("rare", rep(20, 30), level = -2.2), made("no-intercept", rep(5, 30))
)
formulas <- list(
  "plain" = y ~ x + z, "category" = y ~ factor(g) + t, "product" = y ~ x * t + z, "dummies-product" = y ~ x * factor(g),
  "rare" = y ~ factor(g) + x + t, "no-intercept" = y ~ x + z - 1
)

control <- glm.control(epsilon = 1e-14, maxit = 100)
fit_of <- function(design) glm(formulas[[design]], binomial, rows[rows$design == design, ], control = control)

fitted_rows <- function(design) {
  fit <- fit_of(design)
  error <- function(V) sqrt(diag(V))
  cr1 <- vcovCL(fit, cluster = rows$firm[rows$design == design], type = "HC1", cadjust = TRUE)
  data.frame(design, term = names(coef(fit)), estimate = coef(fit), classical = error(vcov(fit)),
             hc0 = error(vcovHC(fit, type = "HC0")), cr1 = error(cr1), loglik = as.numeric(logLik(fit)), row.names = NULL)
}

# the mean over the rows of what a change does to the probability, at given coefficients
effects_of <- function(fit, data, b) {
  probability <- function(changed) {
    X <- model.matrix(delete.response(terms(fit)), changed, xlev = fit$xlevels)
    as.numeric(plogis(X %*% b))
  }
  with <- function(name, value) { changed <- data; changed[[name]] <- value; changed }
  used <- all.vars(delete.response(terms(fit)))
  found <- c()
  for (name in used) {
    if (name == "g") {
      levels <- sort(unique(data$g))
      for (level in levels[-1])
        found[level] <- mean(probability(with(name, level)) - probability(with(name, levels[1])))
    } else if (name == "t") {
      found[name] <- mean(probability(with(name, 1)) - probability(with(name, 0)))
    } else {
      h <- 1e-4
      found[name] <- mean((probability(with(name, data[[name]] + h)) - probability(with(name, data[[name]] - h))) / (2 * h))
    }
  }
  found
}

margins_of <- function(design) {
  fit <- fit_of(design)
  data <- rows[rows$design == design, ]
  b <- coef(fit)
  effect <- effects_of(fit, data, b)
  gradient <- sapply(seq_along(b), function(j) {
    h <- 1e-4 * max(1, abs(b[j]))
    up <- down <- b
    up[j] <- b[j] + h
    down[j] <- b[j] - h
    (effects_of(fit, data, up) - effects_of(fit, data, down)) / (2 * h)
  })
  gradient <- matrix(gradient, nrow = length(effect))
  error <- function(V) sqrt(diag(gradient %*% V %*% t(gradient)))
  cr1 <- vcovCL(fit, cluster = data$firm, type = "HC1", cadjust = TRUE)
  data.frame(design, term = names(effect), estimate = effect, classical = error(vcov(fit)),
             hc0 = error(vcovHC(fit, type = "HC0")), cr1 = error(cr1), row.names = NULL)
}

new_rows <- data.frame(x = c(-1, 0, 0.5, 2), z = c(8, 10, 11, 13), t = c(0, 1, 0, 1),
                       g = c("explained", "money", "other", "money"))
predictions_of <- function(design) {
  link <- predict(fit_of(design), new_rows, type = "link", se.fit = TRUE)
  half <- qnorm(0.975) * link$se.fit
  data.frame(design, new_rows, probability = plogis(link$fit), ci_low = plogis(link$fit - half),
             ci_high = plogis(link$fit + half), row.names = NULL)
}

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by logistic.R with sandwich %s on R %s", packageVersion("sandwich"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
all_of <- function(one) do.call(rbind, lapply(names(formulas), one))
write(rows, "logistic-rows.csv")
write(all_of(fitted_rows), "logistic-fits.csv")
write(all_of(margins_of), "logistic-margins.csv")
write(all_of(predictions_of), "logistic-predictions.csv")
