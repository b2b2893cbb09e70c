# Measurement by psych and lavaan: what pt.omega, item_analysis, correlations, steiger and kappa must give.
#
#     Rscript tests/oracles/measures.R [FOLDER]
#
# writes into FOLDER, by default the folder of this script:
#   measures-items.csv      one row an item: psych's alpha, and one-factor loadings by psych's fa (minres) and lavaan (ULS, which
#                           has the same optimum and reaches it to more digits; empty where a loading would pass 1)
#   measures-scales.csv     one row a scale: raw and standardised alpha, Feldt's interval, mean correlation
#   measures-rows.csv       the rows of R's own data set `airquality` (four columns, with gaps)
#   measures-pairs.csv      one row a pair and method of its correlations: psych's corr.test, R's cor.test
#   measures-dependent.csv  one row a comparison of two dependent correlations: psych's r.test
#   measures-counts.csv     tables of two raters' categories, made up
#   measures-kappa.csv      psych's cohen.kappa of them. Of weighted kappa only the estimate: this psych's variance is not the
#                           delta method's (0 for the quadratic weights of table "five")
# The rows of `attitude` stand in alpha-rows.csv; the blocks of the customer satisfaction index come from datasets/tables.
suppressPackageStartupMessages({
  library(psych)
  library(lavaan)
})

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

# --- scales -----------------------------------------------------------------------------------------------------------
table <- read.csv(file.path(here, "..", "..", "datasets", "tables", "ecsi-mobile-correlations.csv"), row.names = 1)
R <- as.matrix(table[, rownames(table)])
S <- R * outer(table$sd, table$sd)
block <- function(prefix) {
  items <- grep(paste0("^", prefix, "[0-9]"), rownames(S), value = TRUE)
  list(source = "ecsi-mobile-correlations", name = prefix, data = S[items, items], n = 250)
}
turned <- transform(attitude, privileges = 100 - privileges)
scales <- c(
  list(list(source = "attitude", name = "attitude", data = attitude, n = 30)),
  list(list(source = "attitude", name = "one turned round", data = turned, n = 30)),
  lapply(c("IMAG", "CUEX", "PERQ", "PERV", "CUSA", "CUSL"), block)
)

factor_loadings <- function(cor) {
  if (ncol(cor) < 3) return(data.frame(minres = rep(NA, ncol(cor)), uls = NA))
  minres <- as.numeric(suppressWarnings(fa(cor, fm = "minres"))$loadings)
  model <- paste("f =~", paste(colnames(cor), collapse = " + "))
  fit <- suppressWarnings(cfa(model, sample.cov = cor, sample.nobs = 250, std.lv = TRUE, estimator = "ULS",
                              sample.cov.rescale = FALSE, control = list(rel.tol = 1e-15, iter.max = 10000)))
  uls <- inspect(fit, "est")$lambda[, 1]
  if (any(abs(uls) > 1)) uls <- NA
  data.frame(minres = minres * sign(sum(minres)), uls = uls * sign(sum(uls)))
}
scale <- function(one) {
  found <- suppressWarnings(alpha(one$data, check.keys = FALSE, warnings = FALSE, n.obs = one$n))
  square <- if (nrow(one$data) == ncol(one$data)) one$data else cov(one$data)
  items <- data.frame(source = one$source, scale = one$name, item = colnames(square), r_drop = found$item.stats$r.drop,
                      alpha_drop = found$alpha.drop$raw_alpha, factor_loadings(cov2cor(as.matrix(square))))
  if (nrow(square) < 3) items$alpha_drop <- NA # psych puts something else there for two items
  feldt <- alpha.ci(found$total$raw_alpha, one$n, ncol(square))
  total <- data.frame(source = one$source, scale = one$name, n = one$n, raw = found$total$raw_alpha,
                      standardized = found$total$std.alpha, average_r = found$total$average_r, ci_low = feldt$lower.ci,
                      ci_high = feldt$upper.ci)
  list(items = items, total = total)
}
analysed <- lapply(scales, scale)

# --- correlations -----------------------------------------------------------------------------------------------------
rows <- airquality[c("Ozone", "Solar.R", "Wind", "Temp")]
names(rows) <- c("ozone", "sun", "wind", "temperature")
pairs_of <- function(method) {
  found <- suppressWarnings(corr.test(rows, method = method, adjust = "holm"))
  at <- t(combn(names(rows), 2))
  by_r <- apply(at, 1, function(pair) {
    one <- suppressWarnings(cor.test(rows[[pair[1]]], rows[[pair[2]]], method = method, exact = FALSE))
    c(r = unname(one$estimate), p = one$p.value, low = if (is.null(one$conf.int)) NA else one$conf.int[1],
      high = if (is.null(one$conf.int)) NA else one$conf.int[2])
  })
  data.frame(method, first = at[, 1], second = at[, 2], n = found$n[at], r = found$r[at], t = found$t[at],
             p = t(found$p)[at], p_holm = found$p[at], low = found$ci$lower, high = found$ci$upper,
             r_by_cor_test = by_r["r", ], p_by_cor_test = by_r["p", ], low_by_cor_test = by_r["low", ],
             high_by_cor_test = by_r["high", ])
}

# --- dependent correlations -------------------------------------------------------------------------------------------
shared <- data.frame(
  n = c(305, 305, 20, 60, 1000, 5), r12 = c(-.362, -.126, .6, .1, -.3, .8), r13 = c(-.181, -.193, .2, -.4, .25, .1),
  r23 = c(.523, .523, .5, .3, -.2, .05)
)
by_t <- mapply(function(n, r12, r13, r23) unlist(r.test(n, r12 = r12, r23 = r23, r13 = r13)[c("t", "p")]),
               shared$n, shared$r12, shared$r13, shared$r23)
# Steiger's z for a shared variable is that of four variables of which the third is the first again; under equality r12 and
# r13 are their average wherever they stand
by_z <- mapply(function(n, r12, r13, r23) {
  both <- (r12 + r13) / 2
  unlist(r.test(n, r12 = r12, r34 = r13, r13 = 1, r14 = both, r23 = both, r24 = r23)[c("z", "p")])
}, shared$n, shared$r12, shared$r13, shared$r23)
apart <- data.frame(
  n = c(305, 100, 30), r12 = c(-.362, .5, .7), r34 = c(-.193, .3, .2), r13 = c(.42, .2, .3), r14 = c(-.181, .1, .35),
  r23 = c(-.126, .3, .1), r24 = c(.523, .4, -.2)
)
by_four <- do.call(mapply, c(function(...) unlist(r.test(...)[c("z", "p")]), apart))
dependent <- rbind(
  data.frame(test = "t", shared, r34 = NA, r14 = NA, r24 = NA, statistic = by_t["t", ], p = by_t["p", ]),
  data.frame(test = "z", shared, r34 = NA, r14 = NA, r24 = NA, statistic = by_z["z", ], p = by_z["p", ]),
  data.frame(test = "four", apart, statistic = by_four["z", ], p = by_four["p", ])[, c("test", "n", "r12", "r13", "r23", "r34",
             "r14", "r24", "statistic", "p")]
)

# --- kappa ------------------------------------------------------------------------------------------------------------
tables <- list(
  two = matrix(c(41, 3, 9, 47), 2), rare = matrix(c(118, 4, 5, 3), 2),
  three = matrix(c(20, 4, 1, 6, 25, 5, 2, 3, 14), 3), five = matrix(c(9, 2, 1, 0, 0, 3, 12, 4, 1, 0, 1, 5, 15, 3, 1,
             0, 2, 4, 11, 4, 0, 0, 1, 2, 10), 5)
)
kappa_of <- function(name) {
  counts <- tables[[name]]
  k <- nrow(counts)
  linear <- 1 - abs(col(counts) - row(counts)) / (k - 1)
  quadratic <- suppressWarnings(cohen.kappa(counts))
  by_line <- suppressWarnings(cohen.kappa(counts, w = linear))
  data.frame(name, weights = c("none", "quadratic", "linear"),
             kappa = c(quadratic$kappa, quadratic$weighted.kappa, by_line$weighted.kappa),
             variance = c(quadratic$var.kappa, NA, NA), low = c(quadratic$confid[1, "lower"], NA, NA),
             high = c(quadratic$confid[1, "upper"], NA, NA))
}
counts <- do.call(rbind, lapply(names(tables), function(name) {
  one <- tables[[name]]
  data.frame(name, first = c(row(one)), second = c(col(one)), count = c(one))
}))

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by measures.R with psych %s on R %s", packageVersion("psych"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  table[table == "NA"] <- ""
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE, na = ""))
}
write(do.call(rbind, lapply(analysed, `[[`, "items")), "measures-items.csv")
write(do.call(rbind, lapply(analysed, `[[`, "total")), "measures-scales.csv")
write(rows, "measures-rows.csv")
write(rbind(pairs_of("pearson"), pairs_of("spearman")), "measures-pairs.csv")
write(dependent, "measures-dependent.csv")
write(counts, "measures-counts.csv")
write(do.call(rbind, lapply(names(tables), kappa_of)), "measures-kappa.csv")
