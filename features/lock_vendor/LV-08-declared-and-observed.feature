@LV-08
Feature: The statement says what the subject does

  Scenario: Declared against observed, over the whole run
    When at least one call is answered
    And the reading calls that the profile describes and no function uses are tried
    Then nothing that is declared is absent
    And what is there is declared
