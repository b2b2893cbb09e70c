# Page 3 a second way: weights and R2 by psych's setCor; level, pattern and their errors with derivatives written out.
#
#     Rscript tests/oracles/job_design.R [FOLDER]
#
# writes job_design-weights.csv (one row an outcome, set and feature) and job_design-intervals.csv (one row a figure) into
# FOLDER, by default the folder of this script. The derivatives are of the formulas, by matrix calculus; the page nudges each
# correlation instead. The errors of the correlations are built here with four explicit loops from Pearson and Filon's formula.
suppressPackageStartupMessages(library(psych))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here
pairs <- read.csv(file.path(here, "..", "..", "datasets", "tables", "job-design-correlations.csv"))

square <- function(column) {
  names <- unique(c(pairs$one, pairs$other))
  table <- matrix(NA, length(names), length(names), dimnames = list(names, names))
  diag(table) <- 1
  for (k in seq_len(nrow(pairs))) {
    table[pairs$one[k], pairs$other[k]] <- table[pairs$other[k], pairs$one[k]] <- pairs[[column]][k]
  }
  table
}

seven <- c("autonomy", "skill_variety", "task_variety", "task_significance", "task_identity", "job_feedback",
           "job_complexity")
ten <- c(seven, "interdependence", "feedback_from_others", "social_support")
eight <- c(seven, "information_processing")
twelve <- c(eight, ten[8:10], "outside_interaction")
fourteen <- c(twelve, "physical_ease", "work_conditions")
asked <- list(list("performance", seven), list("performance", ten), list("satisfaction", eight),
              list("satisfaction", twelve), list("satisfaction", fourteen))

r <- square("corrected")
weights <- do.call(rbind, lapply(asked, function(one) {
  used <- c(one[[1]], one[[2]])
  fit <- setCor(y = one[[1]], x = one[[2]], data = r[used, used], std = TRUE, plot = FALSE)
  b <- fit$coefficients[one[[2]], 1]
  data.frame(outcome = one[[1]], features = length(b), term = one[[2]], weight = unname(b), r2 = unname(fit$R2[1]))
}))

# ten features and performance: figures, derivatives, errors
names <- c(ten, "performance")
rho <- r[names, names]
seen <- square("observed")[names, names]
n <- square("n")[names, names]
variance <- square("variance")[names, names]
cells <- which(lower.tri(rho), arr.ind = TRUE)
count <- nrow(cells)
harmonic <- 1 / mean(1 / n[lower.tri(n)])

R <- rho[1:10, 1:10]
x <- rho[1:10, 11]
S <- solve(R)
b <- drop(S %*% x)
one <- rep(1, 10)
Q <- diag(10) - 1 / 10
star <- drop(Q %*% b)
r2 <- sum(b * x)
a <- sum(x)
L <- sum(R)
u <- sum(star * x)
V <- drop(t(star) %*% R %*% star)
M <- sum(R %*% star)
level <- a / sqrt(L)
lean <- M / sqrt(L * V)
p <- 10
k1 <- (harmonic - 3) / (harmonic - p - 1)
k2 <- 2 / (harmonic - p - 2.3)
population <- 1 - k1 * (1 - r2) * (1 + k2 * (1 - r2))
slope_population <- k1 * (1 + 2 * k2 * (1 - r2))
root <- sqrt((1 - lean^2) * (population - level^2))
pattern <- level * lean + root

rates <- sapply(seq_len(count), function(k) {
  i <- cells[k, 1]
  j <- cells[k, 2]
  dR <- matrix(0, 10, 10)
  dx <- rep(0, 10)
  if (i == 11) dx[j] <- 1 else dR[i, j] <- dR[j, i] <- 1
  db <- drop(S %*% (dx - dR %*% b))
  dstar <- drop(Q %*% db)
  dr2 <- 2 * sum(b * dx) - drop(t(b) %*% dR %*% b)
  dL <- sum(dR)
  dV <- drop(2 * t(dstar) %*% R %*% star + t(star) %*% dR %*% star)
  dM <- sum(dR %*% star) + sum(R %*% dstar)
  dlevel <- sum(dx) / sqrt(L) - level * dL / (2 * L)
  dlean <- dM / sqrt(L * V) - lean * (dL / (2 * L) + dV / (2 * V))
  dpop <- slope_population * dr2
  dpattern <- dlevel * lean + level * dlean +
    (-2 * lean * dlean * (population - level^2) + (1 - lean^2) * (dpop - 2 * level * dlevel)) / (2 * root)
  c(dpop / (2 * sqrt(population)), dpop, dlevel, dpattern, db[1])
})

covariance <- function(i, j, k, l) {
  f <- function(s, t) seen[s, t]
  f(i, j) * f(k, l) * (f(i, k)^2 + f(i, l)^2 + f(j, k)^2 + f(j, l)^2) / 2 + f(i, k) * f(j, l) + f(i, l) * f(j, k) -
    f(i, j) * (f(i, k) * f(i, l) + f(j, k) * f(j, l)) - f(k, l) * (f(i, k) * f(j, k) + f(i, l) * f(j, l))
}
errors <- matrix(0, count, count)
for (g in seq_len(count)) for (h in seq_len(count)) {
  s <- cells[g, ]
  t <- cells[h, ]
  corrected <- rho[s[1], s[2]] * rho[t[1], t[2]] / (seen[s[1], s[2]] * seen[t[1], t[2]])
  overlap <- min(n[s[1], s[2]], n[t[1], t[2]]) / (n[s[1], s[2]] * n[t[1], t[2]])
  errors[g, h] <- if (g == h) variance[s[1], s[2]] else covariance(s[1], s[2], t[1], t[2]) * overlap * corrected
}
figures <- c(sqrt(population), population, level, pattern, b[1])
half <- function(S) qnorm(.975) * sqrt(diag(rates %*% S %*% t(rates)))
intervals <- data.frame(figure = c("R", "R2", "level", "pattern", "autonomy"), estimate = figures,
                        low = figures - half(errors), high = figures + half(errors),
                        low_apart = figures - half(diag(diag(errors))), high_apart = figures + half(diag(diag(errors))))

made <- sprintf("# made by job_design.R with psych %s on R %s", packageVersion("psych"), getRversion())
write <- function(table, name) {
  path <- file.path(folder, name)
  numbers <- sapply(table, is.double)
  table[numbers] <- lapply(table[numbers], function(v) sprintf("%.15g", v))
  writeLines(made, path)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", row.names = FALSE, quote = FALSE))
}
write(weights, "job_design-weights.csv")
write(intervals, "job_design-intervals.csv")
