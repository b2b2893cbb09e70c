# Bootstrap intervals by boot: what pt.bootstrap and its BCa formula must give.
#
#     Rscript tests/oracles/bootstrap.R [FOLDER]
#
# Four statistics: the correlation and the slope of rating on complaints, and the indirect effect of complaints on rating
# through learning, in R's data set `attitude` (its rows are in alpha-rows.csv); the slope of Reaction on Days in lme4's
# `sleepstudy` when whole subjects are resampled. Written into FOLDER, by default the folder of this script:
#
#     bootstrap-rows.csv        the rows of sleepstudy
#     bootstrap-replicates.csv  999 replicates of each statistic
#     bootstrap-influence.csv   the empirical influence of each unit (empinf, numerical derivative)
#     bootstrap.csv             percentile and BCa intervals of these 999 replicates, and of 19,999; with the ranks among
#                               the sorted replicates at which boot takes them
suppressPackageStartupMessages(library(boot))
suppressPackageStartupMessages(library(lme4))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

moments <- function(X, w) {
  w <- as.vector(w) / sum(w)  # boot gives an array of one dimension
  mean <- colSums(X * w)
  crossprod(X * sqrt(w)) - tcrossprod(mean)
}
X <- as.matrix(attitude[c("complaints", "learning", "rating")])
of_rows <- function(X, w) {
  S <- moments(X, w)
  b <- solve(S[1:2, 1:2], S[1:2, 3])
  c(correlation = S[1, 3] / sqrt(S[1, 1] * S[3, 3]), slope = S[1, 3] / S[1, 1], indirect = S[1, 2] / S[1, 1] * b[[2]])
}
# a subject's sums are all that a slope needs of its rows
away <- with(sleepstudy, data.frame(x = Days - mean(Days), y = Reaction - mean(Reaction), subject = Subject))
G <- with(away, rowsum(cbind(n = 1, x, y, xx = x * x, xy = x * y), subject))
of_groups <- function(G, w) {
  s <- colSums(G * as.vector(w))
  c(group_slope = (s[["xy"]] - s[["x"]] * s[["y"]] / s[["n"]]) / (s[["xx"]] - s[["x"]]^2 / s[["n"]]))
}

intervals <- function(made, statistic, at) {
  L <- empinf(made, type = "inf", index = at)
  found <- boot.ci(made, type = c("perc", "bca"), index = at, L = L)
  rows <- rbind(found$percent, found$bca)
  data.frame(statistic, interval = c("percentile", "bca"), replicates = made$R, estimate = made$t0[[at]],
             se = sd(made$t[, at]), rank_low = rows[, 2], rank_high = rows[, 3], low = rows[, 4], high = rows[, 5])
}
one <- function(replicates, seed) {
  set.seed(seed)
  rows <- boot(X, of_rows, R = replicates, stype = "w")
  groups <- boot(G, of_groups, R = replicates, stype = "w")
  list(rows = rows, groups = groups,
       table = rbind(do.call(rbind, lapply(1:3, function(at) intervals(rows, names(rows$t0)[at], at))),
                     intervals(groups, "group_slope", 1)))
}
few <- one(999, 1)
many <- one(19999, 2)
replicates <- data.frame(few$rows$t, few$groups$t)
names(replicates) <- c(names(few$rows$t0), "group_slope")
influence <- rbind(
  do.call(rbind, lapply(1:3, function(at) data.frame(statistic = names(few$rows$t0)[at], unit = seq_len(nrow(X)),
                                                     influence = empinf(few$rows, type = "inf", index = at)))),
  data.frame(statistic = "group_slope", unit = rownames(G), influence = empinf(few$groups, type = "inf"))
)

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by bootstrap.R with boot %s on R %s", packageVersion("boot"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
write(sleepstudy, "bootstrap-rows.csv")
write(replicates, "bootstrap-replicates.csv")
write(influence, "bootstrap-influence.csv")
write(rbind(few$table, many$table), "bootstrap.csv")
